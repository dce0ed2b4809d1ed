/**
 * A middleware of Koa that records requests.
 *
 * @module
 */
import { Statsd } from '@afstatsd/core';
import { HttpMetrics, type HttpOptions, routeTemplate, watchHeaders } from '@afstatsd/core/http';
import type { Context, Middleware, Next } from 'koa';
import { matchedRoute, watchRoutes } from './matched-route.js';

/** What is recorded. The callbacks get Koa's context. */
export type KoaOptions = HttpOptions<Context, Context>;

/**
 * A middleware of Koa 2 and 3 that records each request under the template of the route that `@koa/router` finds: `http.request`
 * (ms), by method, route and status; `http.aborted`; `website.pageviews`; `http.ttfb` of event streams. Use it before everything
 * that is to be recorded. Used several times, it records a request once.
 *
 * @param options - What is recorded.
 * @throws TypeError for an option that is unknown or can't be used.
 * @example
 * ```js
 * const Koa = require('koa');
 * const { afstatsdKoa } = require('@afstatsd/koa');
 *
 * const app = new Koa();
 * app.use(afstatsdKoa({ exclude: ['/health'] }));
 * ```
 */
export function afstatsdKoa(options: KoaOptions = {}): Middleware {
  // Called by Koa: `app.use(afstatsdKoa)`. There was nothing to throw an error at before, and the request goes on.
  const [, next] = arguments as unknown as [Context, Next?];
  if (typeof next === 'function') {
    Statsd.warnOnce('koa uncalled', () => 'afstatsdKoa makes the middleware: write app.use(afstatsdKoa())');
    return next() as never;
  }
  const metrics = new HttpMetrics<Context, Context>(options, (ctx) => {
    const path = matchedRoute(ctx);
    return path === undefined ? undefined : path.mount + routeTemplate(path.route);
  });
  // It has a name, because debuggers and Koa's own messages show it.
  return function afstatsdMiddleware(ctx, next) {
    try {
      watchRoutes(ctx.app.context);
      const exchange = metrics.begin(ctx.req, ctx.res, ctx, ctx);
      if (exchange !== undefined) watchHeaders(ctx.res, exchange);
    } catch (error) {
      metrics.failed('begin', error);
    }
    return metrics.hasScope ? metrics.within(ctx.req, next, ctx, ctx) : next();
  };
}
