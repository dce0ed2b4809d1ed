import type { IncomingMessage, ServerResponse } from 'node:http';
import { contextOf, existingContext } from '@afstatsd/core/http';
import { RouteTemplate } from './template.js';

/** What this needs of an Express application, 4 or 5. */
export interface Application {
  /** The prototypes of its requests and responses. */
  readonly request: object;
  readonly response: object;
  enabled(setting: string): boolean;
}

/** What this needs of a request of Express. */
export interface ExpressRequest extends IncomingMessage {
  readonly app: Application;
  readonly params?: Readonly<Record<string, unknown>>;
  baseUrl?: string | undefined;
}

const watched = new WeakSet();

/** The route's template of a request, begun if there is none. */
export function templateOf(req: IncomingMessage): RouteTemplate {
  const context = contextOf(req);
  return (context.routing ??= new RouteTemplate()) as RouteTemplate;
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
        templateOf(this).enter(baseUrl, this.params, () => isCaseSensitive(this));
      },
    },
    route: {
      configurable: true,
      get(this: IncomingMessage) {
        return templateOf(this).route;
      },
      set(this: IncomingMessage, route: { readonly path?: unknown } | undefined) {
        templateOf(this).found(route);
        if (this.headers.upgrade !== undefined) existingContext(this)?.exchange?.streams();
      },
    },
  });
  watchHeaders(app.response);
}

function isCaseSensitive({ app }: ExpressRequest): boolean {
  return app.enabled('case sensitive routing');
}

function watchHeaders(prototype: object): void {
  const { writeHead } = prototype as ServerResponse;
  Object.defineProperty(prototype, 'writeHead', {
    configurable: true,
    writable: true,
    value: function (this: ServerResponse, ...args: unknown[]): unknown {
      existingContext(this.req)?.exchange?.headersSent(args);
      return Reflect.apply(writeHead, this, args);
    },
  });
}
