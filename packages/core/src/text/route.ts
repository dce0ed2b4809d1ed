/** The route of a request that no route matched, and that got a 404. */
export const UNMATCHED = 'unmatched';
/** The route of requests past the limit of routes, or of combinations of tags. */
export const OTHER = 'other';
/** The longest template, in characters. A longer one is cut. */
const LONGEST_ROUTE = 200;

// A dot begins a segment of a name, and a slash would end up as one.
const SEPARATORS = /[./]/g;
const NO_LETTER = /[^\p{L}\p{N}_-]/gu;

/**
 * The route of a request that no route has answered: `unmatched` for a 404, otherwise `/*` for middleware or static files.
 *
 * @param status - The status of the answer.
 * @param mount - The template of the router that the middleware belongs to. Default: the app itself.
 */
export function routeWithoutTemplate(status: number, mount = ''): string {
  return status === 404 ? UNMATCHED : `${mount}/*`;
}

/**
 * A path as one segment of a name, for formats that have no tags: `/api/users/:id` becomes `api-users-_id`, `/` becomes
 * `root`, and `/*` becomes `_all`.
 */
export function foldedPath(path: string): string {
  const written = path.slice(1);
  if (written === '') return 'root';
  return written.replaceAll('*', '_all').replace(SEPARATORS, '-').replace(NO_LETTER, '_');
}

/**
 * A route's path as a template: a string stays, a RegExp becomes `/_regex_` and five characters that are always the same for
 * the same one, and of several paths each is written, joined by `+`.
 *
 * @param path - as a framework gives it: a string, a RegExp, or an array of both.
 */
export function routeTemplate(path: unknown): string {
  if (typeof path === 'string') return path.startsWith('/') || path === '' ? path : `/${path}`;
  if (isRegExp(path)) return `/_regex_${shortHash(String(path))}`;
  if (Array.isArray(path)) return path.map(routeTemplate).join('+');
  return '/_unknown';
}

/**
 * A route as the value of a tag: never empty, and never longer than 200 characters.
 *
 * @param template - The route's template.
 */
export function routeTag(template: string): string {
  if (template === '') return '/';
  return template.length > LONGEST_ROUTE ? `${template.slice(0, LONGEST_ROUTE - 1)}…` : template;
}

/** One of another realm, as a test of Jest makes it, is no `instanceof` of ours. */
function isRegExp(value: unknown): boolean {
  return Object.prototype.toString.call(value) === '[object RegExp]';
}

/** FNV-1a, 32 bits (draft-eastlake-fnv), as five characters. */
function shortHash(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(36).padStart(7, '0').slice(-5);
}
