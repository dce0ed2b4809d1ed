/** No route was found, and the answer was 404. */
export const UNMATCHED = 'unmatched';
/** One route too many, or one combination of tags too many. */
export const OTHER = 'other';
/** What answers without a route: middleware, static files. */
export const ANYTHING_BELOW = '/*';
/** The longest template, in characters; what is longer is cut. */
const LONGEST_ROUTE = 200;

/**
 * A route's path as a template: a string stays, a RegExp becomes `/_regex_` and five characters that are always the same for
 * the same one, and of several paths each is written, joined by `+`.
 *
 * @param path - as a framework gives it: a string, a RegExp, or an array of both.
 */
export function routeTemplate(path: unknown): string {
  if (typeof path === 'string') return path.startsWith('/') || path === '' ? path : `/${path}`;
  if (path instanceof RegExp) return `/_regex_${shortHash(path.toString())}`;
  if (Array.isArray(path)) return path.map(routeTemplate).join('+');
  return '/_unknown';
}

/** A route as the value of a tag: never empty, and never longer than 200 characters. */
export function routeTag(template: string): string {
  if (template === '') return '/';
  return template.length > LONGEST_ROUTE ? `${template.slice(0, LONGEST_ROUTE - 1)}…` : template;
}

/** FNV-1a, 32 bits (draft-eastlake-fnv), as five characters. */
function shortHash(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(36).padStart(7, '0').slice(-5);
}
