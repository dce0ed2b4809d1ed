import { HttpMetrics, type HttpOptions, routeTemplate, watchHeaders } from '@afstatsd/core/http';
import type { Context, Middleware } from 'koa';

/** What is recorded. The callbacks get Koa's context. */
export type KoaOptions = HttpOptions<Context>;

/**
 * A middleware of Koa that records each request under the template of the route that `@koa/router` finds, as those of Express
 * and Fastify do. Use it before everything that is to be recorded.
 *
 * @throws TypeError for an option that is unknown or can't be used.
 */
export function afstatsdKoa(options: KoaOptions = {}): Middleware {
  const metrics = new HttpMetrics<Context>(options, (ctx) => {
    const path: unknown = ctx['_matchedRoute'];
    return path === undefined ? undefined : routeTemplate(path);
  });
  return function afstatsd(ctx, next) {
    metrics.guard('begin', () => {
      const exchange = metrics.begin(ctx.req, ctx.res, ctx);
      if (exchange !== undefined) watchHeaders(ctx.res, exchange);
    });
    return next();
  };
}
