/**
 * A middleware of Hono that records requests.
 *
 * @module
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Statsd } from '@afstatsd/core';
import {
  type Exchange,
  type FetchResponse,
  Fetched,
  HttpMetrics,
  type HttpOptions,
  routeWithoutTemplate,
  watchHeaders,
} from '@afstatsd/core/http';
import type { Context, MiddlewareHandler, Next } from 'hono';

/** What is recorded. The callbacks get Hono's context. */
export type HonoOptions = HttpOptions<Context, Context>;

/** What runtimes have in a context's `env`. */
interface Bindings {
  /** Node's request, by `@hono/node-server`. */
  readonly incoming?: IncomingMessage;
  /** Node's response, likewise. An upgrade has none. */
  readonly outgoing?: ServerResponse;
  /** Of Deno: settled when the response is over. Deno 2.9 fulfils it, also when the client has left. */
  readonly completed?: unknown;
}

/**
 * A middleware of Hono 4 that records each request under the template of its route: `http.request` (ms), by method, route and
 * status; `http.aborted`; `website.pageviews`; `http.ttfb` of event streams. Use it before everything that is to be recorded. Used
 * several times, it records a request once.
 *
 * On `@hono/node-server` and Deno a request ends with its response. In Bun and in tests, where nobody says when that has been sent,
 * it ends when the app has given the response away.
 *
 * @param options - What is recorded.
 * @throws TypeError for an option that is unknown or can't be used.
 * @example
 * ```js
 * const { Hono } = require('hono');
 * const { afstatsdHono } = require('@afstatsd/hono');
 *
 * const app = new Hono();
 * app.use(afstatsdHono({ exclude: ['/health'] }));
 * ```
 */
export function afstatsdHono(options: HonoOptions = {}): MiddlewareHandler {
  // Called by Hono: `app.use(afstatsdHono)`. There was nothing to throw an error at before, and the request goes on.
  const [, next] = arguments as unknown as [Context, Next?];
  if (typeof next === 'function') {
    Statsd.warnOnce(
      'hono uncalled',
      () => 'afstatsdHono makes the middleware: write app.use(afstatsdHono())',
    );
    return next() as never;
  }
  const metrics = new HttpMetrics<Context, Context>(options, (c, _res, { status }) => templateOf(c, status));
  // It has a name, because Hono's `showRoutes` shows it.
  return async function afstatsdMiddleware(c, next) {
    const { incoming, outgoing, completed } = (c.env ?? {}) as Bindings;
    if (incoming !== undefined && outgoing !== undefined) {
      metrics.guard('begin', () => {
        const exchange = metrics.begin(incoming, outgoing, c, c);
        if (exchange !== undefined) watchHeaders(outgoing, exchange);
      });
      return handled(metrics, c, next, incoming);
    }
    const fetched = metrics.guard('begin', () => beginFetched(metrics, c, completed));
    if (fetched === undefined) return handled(metrics, c, next);
    try {
      await handled(metrics, c, next);
    } catch (error) {
      // Hono answers errors, and hands on whatever else was thrown. Then the runtime answers.
      metrics.guard('end', () => endFetched(fetched, c, BROKEN));
      throw error;
    }
    metrics.guard('end', () => endFetched(fetched, c, c.res));
    return undefined;
  };
}

/** Goes on with a request, with its tags. */
function handled(
  metrics: HttpMetrics<Context, Context>,
  c: Context,
  next: Next,
  incoming?: IncomingMessage,
): Promise<void> {
  if (!metrics.hasScope) return next();
  const raw = incoming ?? metrics.guard('begin', () => Fetched.of(c.req.raw).request);
  return raw === undefined ? next() : metrics.within(raw, next, c, c);
}

/** A request that came without Node's. */
interface WithoutNode {
  readonly exchange: Exchange;
  /** The runtime says when the response has been sent. */
  readonly isTold: boolean;
}

function beginFetched(
  metrics: HttpMetrics<Context, Context>,
  c: Context,
  completed: unknown,
): WithoutNode | undefined {
  const { raw } = c.req;
  const { request, response } = Fetched.of(raw);
  const exchange = metrics.begin(request, response, c, c);
  if (exchange === undefined) return undefined;
  const isTold = completed instanceof Promise;
  if (isTold) {
    completed.then(
      () => exchange.end(true),
      () => exchange.end(false),
    );
  } else if (!('Deno' in globalThis)) {
    // Deno aborts the signal of each request that is over, and warns those who listen.
    if (raw.signal.aborted) exchange.end(false);
    else raw.signal.addEventListener('abort', () => exchange.end(false), { once: true });
  }
  return { exchange, isTold };
}

const BROKEN: FetchResponse = { status: 500, headers: new Headers() };

function endFetched({ exchange, isTold }: WithoutNode, c: Context, answer: FetchResponse): void {
  Fetched.of(c.req.raw).answered(answer);
  if (c.req.header('upgrade') !== undefined && answer.status < 300) exchange.streams();
  else exchange.headersSent();
  if (!isTold) exchange.end(true);
}

/** The path of what answered. One that ends in `*` belongs to a middleware, or to what serves all below it. */
function templateOf(c: Context, status: number): string {
  // Of Hono's own, so that it doesn't matter which copy of Hono the app has. `routePath` of `hono/route` has it from 4.8 on.
  const { routePath: path } = c.req as { readonly routePath: string };
  if (!path.endsWith('*')) return path;
  return routeWithoutTemplate(status, path.slice(0, path.lastIndexOf('/')));
}
