import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Exchange, exchangeOf, existingExchange } from '@afstatsd/core/http';
import type { Application, ExpressRequest } from './request.js';
import { RouteTemplate } from './template.js';

const watched = new WeakSet();

/** The route's template of a request, begun if there is none. */
export function templateOf(req: IncomingMessage): RouteTemplate {
  return templateIn(exchangeOf(req));
}

function templateIn(exchange: Exchange): RouteTemplate {
  return (exchange.trail ??= new RouteTemplate()) as RouteTemplate;
}

/** Has the requests and responses of an application say what is needed. Done once, on their prototypes; mounted ones inherit from them. */
export function watchApplication(app: Application): void {
  if (watched.has(app.request)) return;
  watched.add(app.request);
  Object.defineProperties(app.request, {
    baseUrl: {
      configurable: true,
      get(this: IncomingMessage) {
        return templateOf(this).baseUrl;
      },
      set(this: ExpressRequest, baseUrl: string | undefined) {
        templateOf(this).enter(baseUrl, this);
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
  watchAllHeaders(app.response);
}

/** Has the exchange of each response of this prototype hear of its headers. */
function watchAllHeaders(prototype: object): void {
  const { writeHead } = prototype as ServerResponse;
  Object.defineProperty(prototype, 'writeHead', {
    configurable: true,
    writable: true,
    value: function (this: ServerResponse, ...args: unknown[]): unknown {
      existingExchange(this.req)?.headersSent(args);
      return Reflect.apply(writeHead, this, args);
    },
  });
}
