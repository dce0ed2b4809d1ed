import { routeTemplate, routeWithoutTemplate } from '@afstatsd/core/http';
import type { Application, ExpressRequest } from './request.js';

const WEBSOCKET = '/.websocket';

/** How far a request has come into nested routers. */
export interface Level {
  /** The level at which the paths of its application begin; the own one, if that is this. */
  readonly top: Level | undefined;
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
  /** The one of `below` that was entered last. */
  last: Level | undefined;
  /** More than `base` is needed to say which router in it is entered: some are mounted at parameters, or tell cases apart. */
  isMixed: boolean;
}

/** What Express has set on a request that was not watched. */
export interface Own {
  readonly isLeft: boolean;
  readonly baseUrl: string | undefined;
  readonly route: { readonly path?: unknown } | undefined;
}

/** The level at which the paths of an application begin. Other applications have mounts of their own at the same paths. */
export function topLevel(app: Application): Level {
  return {
    top: undefined,
    parent: undefined,
    base: '',
    template: '',
    params: {},
    below: new Map(),
    routes: new Map(),
    last: undefined,
    isMixed: app.enabled('case sensitive routing'),
  };
}

/** Of a request that has entered nothing that is watched. */
const NOWHERE: Level = {
  ...topLevel({ enabled: () => false } as never),
  below: undefined,
  routes: undefined,
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
  /** Where the paths of the watched application begin that has entered a router last. */
  top: Level | undefined;
  #level = NOWHERE;
  /** Where the route was found. */
  #found = NOWHERE;
  /** It has left a router: another one may be mounted at the same path. */
  #hasLeft = false;

  /**
   * A router is entered, or left again. `req.params` are those of the layer at which it is mounted.
   *
   * @param top - the level at which the paths of the application begin whose router it is.
   */
  enter(baseUrl: string | undefined, req: ExpressRequest, top: Level): void {
    if (this.top === undefined && this.#level === NOWHERE) this.#level = this.#found = top;
    this.top = top;
    // A router sets what it has read, too.
    if (baseUrl === this.baseUrl) return;
    const level = this.#level;
    if (baseUrl !== undefined && !level.isMixed && !this.#hasLeft && isOf(level, top)) {
      const known = level.last?.base === baseUrl ? level.last : level.below?.get(baseUrl);
      if (known !== undefined) {
        this.#level = level.last = known;
        this.baseUrl = known.base;
        return;
      }
    }
    this.#move(baseUrl, req);
  }

  #move(baseUrl: string | undefined, req: ExpressRequest): void {
    this.baseUrl = baseUrl;
    const base = baseUrl ?? '';
    let level = this.#level;
    while (level.parent !== undefined && base !== level.base && !isBelow(base, level.base)) {
      level = level.parent;
      this.#hasLeft = true;
    }
    if (base === level.base) this.#level = level;
    else {
      try {
        this.#level = below(level, base, req);
      } catch {
        // The app's parameters can be anything; Express isn't to hear of it.
        this.#level = unseen(base, this.top ?? NOWHERE);
      }
    }
  }

  /** A router that was entered before anything was noted: what the mount is called can't be known. */
  enteredUnseen(baseUrl: string, top: Level): void {
    this.top = top;
    this.baseUrl = baseUrl;
    this.#level = this.#found = baseUrl === '' ? top : unseen(baseUrl, top);
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
    const level = isBelow ? this.#level : NOWHERE;
    // Without `routes`, nothing of it is kept.
    return templateIn(
      { ...level, template: level.template + (baseUrl ? '/*' : ''), routes: undefined },
      route.path,
    );
  }
}

/** A level of which only the path is known. */
function unseen(base: string, top: Level): Level {
  return entered(top, base, '/*', {});
}

/** A level of one request, below another one. */
function entered(parent: Level, base: string, template: string, params: Level['params']): Level {
  const { top = parent } = parent;
  return {
    top,
    parent,
    base,
    template,
    params,
    below: undefined,
    routes: undefined,
    last: undefined,
    isMixed: false,
  };
}

/** Whether a level is one of the application whose paths begin at `top`. */
function isOf(level: Level, top: Level): boolean {
  return level === top || level.top === top;
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
  const isCaseSensitive = level.parent === undefined && app.enabled('case sensitive routing');
  if (isEmpty(params)) {
    const known = isCaseSensitive ? undefined : level.below?.get(base);
    if (known !== undefined) return known;
    const added = base.slice(level.base.length);
    const template = level.template + (isCaseSensitive ? added : added.toLowerCase());
    const isKept = level.below !== undefined && !isCaseSensitive && kept < MOST_KEPT;
    const plain = entered(level, base, template, level.params);
    if (!isKept) return plain;
    kept++;
    const own = { ...plain, below: new Map(), routes: new Map() };
    level.below.set(base, own);
    return own;
  }
  level.isMixed = true;
  const given = Object.keys(params).filter((key) => params[key] !== undefined);
  const own = given.filter((key) => level.params[key] !== params[key]);
  const segments = base.slice(level.base.length + 1).split('/');
  const values = segments.map(decoded);
  const names = new Map<number, string>();
  const at = (written: string): Level =>
    entered(level, base, `${level.template}/${written}`, { ...level.params, ...params });
  for (const key of new Set([...own, ...given])) {
    // `router.param` may have made something else of it.
    const place = values.findIndex((value, i) => !names.has(i) && value === String(params[key]));
    if (place >= 0) names.set(place, `:${key}`);
  }
  const isWhole = own.every((key) => !/^\d/.test(key) && [...names.values()].includes(`:${key}`));
  // Of a mount with parameters, what is encoded and no value may be a part of one.
  const isPlain = own.length === 0 || segments.every((segment, i) => names.has(i) || !segment.includes('%'));
  if (!isWhole || !isPlain) return at(own.map((name) => `:${name}`).join(''));
  const written = segments.map(
    (segment, i) => names.get(i) ?? (isCaseSensitive ? segment : segment.toLowerCase()),
  );
  return at(written.join('/'));
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
