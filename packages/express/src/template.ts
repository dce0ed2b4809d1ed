import { routeTemplate, routeWithoutTemplate } from '@afstatsd/core/http';
import type { ExpressRequest } from './request.js';

const WEBSOCKET = '/.websocket';

/** How far a request has come into nested routers. */
interface Level {
  readonly parent: Level | undefined;
  /** The path so far, as the client wrote it. */
  readonly base: string;
  /** The same as a template. */
  readonly template: string;
  /** The parameters in it: a router that merges them has them among its own. */
  readonly params: Readonly<Record<string, unknown>>;
  /**
   * Routers in it that are mounted without parameters, by `base`, where it is the same for all requests itself, and kept.
   * Undefined for a level of one request.
   */
  readonly below: Map<string, Level> | undefined;
  /** The templates of routes in it, by path, where it is kept. */
  readonly routes: Map<unknown, string> | undefined;
}

/** What Express has set on a request that was not watched. */
export interface Own {
  readonly isLeft: boolean;
  readonly baseUrl: string | undefined;
  readonly route: { readonly path?: unknown } | undefined;
}

const TOP: Level = {
  parent: undefined,
  base: '',
  template: '',
  params: {},
  below: new Map(),
  routes: new Map(),
};
/** Levels and templates that are kept; what a mount at a regular expression adds has no end. */
const MOST_KEPT = 1_000;
let kept = 0;

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
    while (level.parent !== undefined && base !== level.base && !isBelow(base, level.base))
      level = level.parent;
    if (base === level.base) this.#level = level;
    else {
      try {
        this.#level = below(level, base, req);
      } catch {
        // The app's parameters can be anything; Express isn't to hear of it.
        this.#level = unseen(base);
      }
    }
  }

  /** A router that was entered before anything was noted: what the mount is called can't be known. */
  enteredUnseen(baseUrl: string): void {
    this.baseUrl = baseUrl;
    if (baseUrl !== '') this.#level = unseen(baseUrl);
  }

  found(route: { readonly path?: unknown } | undefined): void {
    this.route = route;
    this.#found = this.#level;
  }

  /**
   * The template at the end, or undefined if the answer isn't a route's.
   *
   * @param status - a 404 that comes after the route has let go of the request isn't the route's.
   */
  at(status: number): string | undefined {
    if (this.route === undefined) return routeWithoutTemplate(status, this.#level.template);
    if (status === 404 && (this.baseUrl === undefined || this.baseUrl !== this.#found.base)) return undefined;
    return templateIn(this.#found, this.route.path);
  }

  /**
   * The template at the end, where an application has set properties of the request's own, because nothing of it was watched. Its
   * routers can't be known, but for the one that is the application itself.
   *
   * @param status - as for `at`.
   * @param own - as the application has set them; `isLeft`: it has let the request pass.
   * @param isBelow - the application was called below the level that is known.
   */
  atUnwatched(status: number, { baseUrl, route, isLeft }: Own, isBelow: boolean): string | undefined {
    if (route === undefined) return this.at(status);
    if (status === 404 && isLeft) return undefined;
    const level = isBelow ? this.#level : TOP;
    // Without `routes`, nothing of it is kept.
    return templateIn(
      { ...level, template: level.template + (baseUrl ? '/*' : ''), routes: undefined },
      route.path,
    );
  }
}

/** A level of which only the path is known. */
function unseen(base: string): Level {
  return { parent: TOP, base, template: '/*', params: {}, below: undefined, routes: undefined };
}

/** The template of a route in a level, made once where the level is kept. */
function templateIn({ template: before, routes }: Level, path: unknown): string {
  const known = routes?.get(path);
  if (known !== undefined) return known;
  // express-ws gives each of its routes this end.
  const full = routeTemplate(path);
  const own = full.endsWith(WEBSOCKET) ? full.slice(0, -WEBSOCKET.length) || '/' : full;
  const template = own === '/' && before !== '' ? before : before + own;
  // Who makes routes as requests come has no end of them.
  if (routes !== undefined && typeof path === 'string' && kept < MOST_KEPT) {
    kept++;
    routes.set(path, template);
  }
  return template;
}

/**
 * The template of what a router's mount adds to the path. A segment that is the value of a parameter becomes `:name`. Where a
 * parameter is not one whole segment (`/:from-:to`), the names alone are the template: what the client wrote would make a
 * name for each of its spellings.
 */
function below(level: Level, base: string, { params = {}, app }: ExpressRequest): Level {
  // Routers have settings of their own, which can't be seen.
  const isCaseSensitive = level === TOP && app.enabled('case sensitive routing');
  if (isEmpty(params)) {
    const known = isCaseSensitive ? undefined : level.below?.get(base);
    if (known !== undefined) return known;
    const added = base.slice(level.base.length);
    const template = level.template + (isCaseSensitive ? added : added.toLowerCase());
    const isKept = level.below !== undefined && !isCaseSensitive && kept < MOST_KEPT;
    const entered: Level = {
      parent: level,
      base,
      template,
      params: level.params,
      below: isKept ? new Map() : undefined,
      routes: isKept ? new Map() : undefined,
    };
    if (isKept) {
      kept++;
      level.below.set(base, entered);
    }
    return entered;
  }
  const given = Object.keys(params).filter((key) => params[key] !== undefined);
  const own = given.filter((key) => level.params[key] !== params[key]);
  const segments = base.slice(level.base.length + 1).split('/');
  const values = segments.map(decoded);
  const names = new Map<number, string>();
  const entered = (written: string): Level => ({
    parent: level,
    base,
    template: `${level.template}/${written}`,
    params: { ...level.params, ...params },
    below: undefined,
    routes: undefined,
  });
  for (const key of new Set([...own, ...given])) {
    // `router.param` may have made something else of it.
    const at = values.findIndex((value, i) => !names.has(i) && value === String(params[key]));
    if (at >= 0) names.set(at, `:${key}`);
  }
  const isWhole = own.every((key) => !/^\d/.test(key) && [...names.values()].includes(`:${key}`));
  // Of a mount with parameters, what is encoded and no value may be a part of one.
  const isPlain = own.length === 0 || segments.every((segment, i) => names.has(i) || !segment.includes('%'));
  if (!isWhole || !isPlain) return entered(own.map((name) => `:${name}`).join(''));
  const written = segments.map(
    (segment, i) => names.get(i) ?? (isCaseSensitive ? segment : segment.toLowerCase()),
  );
  return entered(written.join('/'));
}

function isBelow(path: string, base: string): boolean {
  return path.startsWith(base) && path.charAt(base.length) === '/';
}

function isEmpty(params: object): boolean {
  for (const _ in params) return false;
  return true;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
