import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Exchange, exchangeOf, watchedWriteHead } from '@afstatsd/core/http';
import type { Application, ExpressRequest } from './request.js';
import { type Level, RouteTemplate, topLevel } from './template.js';

/** By the prototype of an application's requests: where the paths of that application begin. */
const tops = new WeakMap<object, Level>();

/** The route's template of a request, begun if there is none. */
export function templateOf(req: IncomingMessage): RouteTemplate {
  return templateIn(exchangeOf(req));
}

/** The same, of an exchange. */
export function templateIn(exchange: Exchange): RouteTemplate {
  return (exchange.trail ??= new RouteTemplate()) as RouteTemplate;
}

/**
 * The level at which the paths of a watched application begin; undefined if it isn't watched. A mounted one inherits from the one
 * that it is in.
 *
 * @param request - the prototype of its requests.
 */
export function topOf(request: object): Level | undefined {
  for (let at: object | null = request; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    const top = tops.get(at);
    if (top !== undefined) return top;
  }
  return undefined;
}

/** Has the requests and responses of an application say what is needed. Done once, on their prototypes; mounted ones inherit from them. */
export function watchApplication(app: Application): Level {
  const known = tops.get(app.request);
  if (known !== undefined) return known;
  const top = topLevel(app);
  tops.set(app.request, top);
  Object.defineProperties(app.request, {
    baseUrl: {
      configurable: true,
      get(this: IncomingMessage) {
        return templateOf(this).baseUrl;
      },
      set(this: ExpressRequest, baseUrl: string | undefined) {
        templateOf(this).enter(baseUrl, this, top);
      },
    },
    route: {
      configurable: true,
      get(this: IncomingMessage) {
        return templateOf(this).route;
      },
      set(this: IncomingMessage, route: { readonly path?: unknown } | undefined) {
        const exchange = exchangeOf(this);
        templateIn(exchange).found(route);
        if (exchange.isUpgrade) exchange.streams();
      },
    },
  });
  watchAllHeaders(app.response as ServerResponse);
  return top;
}

/** Has the exchange of each response of this prototype hear of its headers. */
function watchAllHeaders(prototype: ServerResponse): void {
  Object.defineProperty(prototype, 'writeHead', {
    configurable: true,
    writable: true,
    value: watchedWriteHead(prototype.writeHead),
  });
}
