import { types } from 'node:util';
import { describe } from '../instrument.js';

/** An entry of the option `exclude`: the path of a URL, the template of a route, or a pattern of paths. */
export type Excluded = RegExp | string;

/** The rule of the option, as it follows "must" in an error. */
export const EXCLUDED = 'be an array of paths that begin with "/", and regular expressions';

/** A scheme and an authority, with which proxies begin their targets. */
const ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i;
/** The end of an entry that excludes everything below a path. */
const BELOW = /\/\*\*?$/;

/** Decides which requests aren't recorded, by their path and their route. */
export class Exclusion {
  readonly #exact = new Set<string>();
  readonly #below: string[] = [];
  readonly #patterns: RegExp[] = [];

  /** @throws TypeError that names an entry which could never exclude anything. */
  constructor(entries: readonly Excluded[]) {
    for (const entry of entries) this.#add(entry);
  }

  #add(entry: unknown): void {
    // Not `instanceof`, because a pattern may come from another realm, such as a test file of Jest.
    if (types.isRegExp(entry)) {
      // Without the flags `g` and `y`, which would make the pattern remember its last position.
      this.#patterns.push(new RegExp(entry.source, entry.flags.replaceAll(/[gy]/g, '')));
      return;
    }
    const problem = problemOf(entry);
    if (problem !== undefined) {
      throw new TypeError(`option exclude must ${EXCLUDED}; ${describe(entry)} ${problem}`);
    }
    const path = entry as string;
    if (BELOW.test(path)) this.#below.push(comparable(path.replace(BELOW, '')).replace(/\/?$/, '/'));
    else this.#exact.add(comparable(path));
  }

  /** @param target - the target of a request as the client wrote it, perhaps with a query or an origin. */
  hasTarget(target: string): boolean {
    const path = pathOf(target);
    return this.#has(path) || this.#patterns.some((pattern) => pattern.test(path));
  }

  /** @param template - the template of the route that has answered. */
  hasRoute(template: string): boolean {
    return this.#has(template === '' ? '/' : template);
  }

  #has(path: string): boolean {
    const written = comparable(path);
    return this.#exact.has(written) || this.#below.some((above) => written.startsWith(above));
  }
}

/** Why an entry can't exclude anything. */
function problemOf(entry: unknown): string | undefined {
  if (typeof entry !== 'string') return 'is neither';
  if (!entry.startsWith('/')) return `doesn't begin with "/"`;
  // Templates of Express 4 may have `?`, which marks an optional part.
  if (/#|\?[^/]*=/.test(entry)) return 'can never match, because a path has no query and no fragment';
  // Express 5 has `*name` in its templates.
  const isWildcard = /\*(?!\w)/.test(entry.replace(BELOW, ''));
  return isWildcard ? 'can never match, because "*" can only be its last segment' : undefined;
}

function pathOf(target: string): string {
  const origin = target.startsWith('/') ? undefined : ORIGIN.exec(target)?.[0];
  const local = origin === undefined ? target : target.slice(origin.length);
  const end = local.search(/[?#]/);
  const path = end < 0 ? local : local.slice(0, end);
  return path === '' ? '/' : path;
}

/** The form in which paths are compared, because routers mostly take several spellings for one route. */
function comparable(path: string): string {
  const decoded = path.includes('%') ? decodedPath(path) : path;
  const lower = decoded.toLowerCase();
  return lower.endsWith('/') && lower !== '/' ? lower.slice(0, -1) : lower;
}

/** Decodes a path, except for encoded separators of segments. */
function decodedPath(path: string): string {
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}
