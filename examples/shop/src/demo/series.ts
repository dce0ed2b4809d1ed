/** A metric with its tags, spelt as in the collector's table: `orders{method=card,region=eu}`. Tags are sorted by key. */
export function series(name: string, tags: Readonly<Record<string, string>>): string {
  const keys = Object.keys(tags).sort();
  return keys.length === 0 ? name : `${name}{${keys.map((key) => `${key}=${tags[key]}`).join()}}`;
}
