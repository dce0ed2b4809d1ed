import type { Context } from 'koa';

/** Under this name `@koa/router` notes the path of the route that it has found. */
const ROUTER_NOTE = '_matchedRoute';
const MATCHED = Symbol('afstatsd matched route');

/** A route as a router has found it. */
export interface MatchedRoute {
  /** A path, or a regular expression. */
  readonly route: unknown;
  /** What `koa-mount` had taken off the path before: a text of the code's. */
  readonly mount: string;
}

/** The part of a router's layer that is looked at. */
interface Layer {
  readonly path?: unknown;
  readonly methods?: readonly string[];
}

type Noted = Context & { [MATCHED]?: MatchedRoute };

const watched = new WeakSet();

/**
 * Has an application's contexts remember what was taken off the path when a router finds a route: `koa-mount` puts it back before
 * the request has ended.
 *
 * @param prototype - of the contexts.
 */
export function watchRoutes(prototype: object): void {
  if (watched.has(prototype)) return;
  watched.add(prototype);
  Object.defineProperty(prototype, ROUTER_NOTE, {
    configurable: true,
    get(this: Noted): unknown {
      return this[MATCHED]?.route;
    },
    set(this: Noted, route: unknown): void {
      if (!isOfMiddleware(this, route)) this[MATCHED] = { route, mount: mountOf(this) };
    },
  });
}

/** The route of a request, if a router has found one. */
export function matchedRoute(ctx: Context): MatchedRoute | undefined {
  return (ctx as Noted)[MATCHED];
}

/** A router notes the path of each of its layers that runs. Those of `use` have no methods. */
function isOfMiddleware({ matched }: Context, route: unknown): boolean {
  if (!Array.isArray(matched)) return false;
  const layers = (matched as Layer[]).filter(({ path }) => path === route);
  return layers.length > 0 && layers.every(({ methods }) => methods?.length === 0);
}

/** Whatever else changes the path, a rewriting for example, is no mount. */
function mountOf({ originalUrl, mountPath, path }: Context): string {
  if (typeof mountPath !== 'string' || mountPath === '/') return '';
  const whole = pathOf(originalUrl);
  // Within a mount, `/` stands for nothing.
  const mount = whole.endsWith(path) ? whole.slice(0, whole.length - path.length) : path === '/' ? whole : '';
  return mount.endsWith(mountPath) ? mount : '';
}

function pathOf(url: string): string {
  const end = url.search(/[?#]/);
  return end < 0 ? url : url.slice(0, end);
}
