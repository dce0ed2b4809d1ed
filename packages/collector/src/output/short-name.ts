/** The tags whose values come last, because many series share them. */
const LAST_TAGS = ['service', 'instance', 'env', 'version', 'host'];

/** A name with the values of its tags, for screens without room for their keys: `http.request get /articles/:sku 2xx shop`. */
export function shortName(name: string, tags: readonly (readonly [key: string, value: string])[]): string {
  const values = [...tags]
    .sort(([a], [b]) => LAST_TAGS.indexOf(a) - LAST_TAGS.indexOf(b))
    .map(([, value]) => value);
  return [name, ...values].join(' ');
}
