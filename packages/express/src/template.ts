import { routeTemplate } from '@afstatsd/core/http';
import type { ExpressRequest } from './request.js';

/** How far a request has come into nested routers. */
interface Level {
  readonly parent: Level | undefined;
  /** The path so far, as the client wrote it. */
  readonly base: string;
  /** The same as a template. */
  readonly template: string;
  /** The names of the parameters in it. */
  readonly keys: readonly string[];
}

const TOP: Level = { parent: undefined, base: '', template: '', keys: [] };

/**
 * The template of the route that a request takes. Express doesn't keep it: at the end, `baseUrl` has the path that the client
 * wrote or, after an error, nothing. So what Express sets on its way is noted: `baseUrl` at each router that is entered and
 * left, and `route`.
 */
export class RouteTemplate {
  /** As Express sets them. */
  baseUrl: string | undefined;
  route: { readonly path?: unknown } | undefined;
  #level = TOP;
  /** Where the route was found. */
  #found: Level = TOP;

  /** A router is entered, or left again. `req.params` are those of the layer at which it is mounted. */
  enter(baseUrl: string | undefined, req: ExpressRequest): void {
    this.baseUrl = baseUrl;
    const base = baseUrl ?? '';
    let level = this.#level;
    while (level.parent !== undefined && base !== level.base && !base.startsWith(`${level.base}/`)) {
      level = level.parent;
    }
    this.#level = base === level.base ? level : below(level, base, req);
  }

  found(route: { readonly path?: unknown } | undefined): void {
    this.route = route;
    this.#found = this.#level;
  }

  /**
   * The template at the end, or undefined if the answer is none of a route's.
   *
   * @param status - a 404 that comes after the route has let go of the request isn't the route's.
   */
  at(status: number): string | undefined {
    if (this.route === undefined) return status === 404 ? undefined : `${this.#level.template}/*`;
    if (status === 404 && (this.baseUrl === undefined || this.baseUrl !== this.#found.base)) return undefined;
    const path = routeTemplate(this.route.path);
    return path === '/' && this.#found.template !== '' ? this.#found.template : this.#found.template + path;
  }
}

/**
 * The template of what a router's mount adds to the path. A segment that is the value of a parameter becomes `:name`. Where a
 * parameter is not one whole segment (`/:from-:to`), the names alone are the template: what the client wrote would make a
 * name for each of its spellings.
 */
function below(level: Level, base: string, { params = {}, app }: ExpressRequest): Level {
  const keys = Object.keys(params).filter((key) => params[key] !== undefined && !level.keys.includes(key));
  const segments = base.slice(level.base.length + 1).split('/');
  const values = segments.map(decoded);
  const names = new Map<number, string>();
  const entered = (written: string): Level => ({
    parent: level,
    base,
    template: `${level.template}/${written}`,
    keys: [...level.keys, ...keys],
  });
  for (const key of keys) {
    const at = values.findIndex((value, i) => !names.has(i) && value === params[key]);
    if (at < 0) return entered(keys.map((name) => `:${name}`).join(''));
    names.set(at, `:${key}`);
  }
  const isCaseSensitive = app.enabled('case sensitive routing');
  const written = segments.map(
    (segment, i) => names.get(i) ?? (isCaseSensitive ? segment : segment.toLowerCase()),
  );
  return entered(written.join('/'));
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
