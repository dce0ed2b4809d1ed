/**
 * A middleware of Express that records requests.
 *
 * @module
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Exchange, HttpMetrics, type HttpOptions } from '@afstatsd/core/http';
import { warnIfLate, warnUncalled, watchForLate } from './late.js';
import { templateIn, templateOf, topOf, watchApplication } from './prototypes.js';
import type { ExpressRequest } from './request.js';
import type { Level, RouteTemplate } from './template.js';

/** What is recorded. `Req` and `Res` are what the callbacks get: those of Express. */
export type ExpressOptions<Req = IncomingMessage, Res = ServerResponse> = HttpOptions<Req, Res>;

/**
 * A middleware of Express 4 and 5 that records each request under its route's template: `http.request` (ms), by method, route
 * and status; `http.aborted`; `website.pageviews`; `http.ttfb` of event streams. Use it before everything that is to be
 * recorded. Installed several times, on an app and its routers, it records a request once.
 *
 * @throws TypeError for an option that is unknown or can't be used.
 * @example
 * ```js
 * const express = require('express');
 * const { afstatsdExpress } = require('@afstatsd/express');
 *
 * const app = express();
 * app.use(afstatsdExpress({ exclude: ['/health'] }));
 * ```
 */
export function afstatsdExpress<
  Req extends IncomingMessage = IncomingMessage,
  Res extends ServerResponse = ServerResponse,
>(options: ExpressOptions<Req, Res> = {}): (req: Req, res: Res, next: (error?: unknown) => void) => void {
  // Called by Express: `app.use(afstatsdExpress)`. There was nothing to throw an error at before, and the request goes on.
  const [, , next] = arguments as unknown as Parameters<ReturnType<typeof afstatsdExpress>>;
  if (typeof next === 'function') {
    warnUncalled();
    next();
    return undefined as never;
  }
  // The application of the last request: what its requests inherit from, and where its paths begin.
  let seen: object | undefined;
  let top: Level | undefined;
  const metrics = new HttpMetrics(options, (req, _res, exchange) => {
    const prototype = Object.getPrototypeOf(req) as object;
    return routeOf(exchange, prototype === seen ? top : topOf(prototype));
  });
  // It has a name, because the app's stack of middleware shows it.
  const middleware = function afstatsdMiddleware(req: Req, res: Res, next: (error?: unknown) => void): void {
    try {
      // A look at `req.app` costs more on Node 20 and 22, where no two requests of Express are alike.
      const prototype = Object.getPrototypeOf(req) as object;
      if (prototype !== seen || top === undefined) {
        const { app } = req as unknown as ExpressRequest;
        top = watchApplication(app);
        isReached();
        warnIfLate(app, middleware, options.statsd);
        seen = prototype;
      }
      const template = templateOf(req);
      // Unless our accessors were there before it.
      if (template.baseUrl === undefined && Object.hasOwn(req, 'baseUrl')) {
        takeOver(template, req as unknown as ExpressRequest, top);
      }
      metrics.begin(req, res, req, res);
    } catch (error) {
      metrics.failed('begin', error);
    }
    if (metrics.hasScope) metrics.within(req, next, req, res);
    else next();
  };
  const isReached = watchForLate(middleware, options.statsd);
  return middleware;
}

/** The type of {@link afstatsdExpress}. */
export type AfstatsdExpress = typeof afstatsdExpress;

/**
 * The template of the route at the end.
 *
 * @param top - of the application that had the request last, if it is watched.
 */
function routeOf(exchange: Exchange, top: Level | undefined): string | undefined {
  const template = templateIn(exchange);
  const { status } = exchange;
  if (top !== undefined && template.top === top) return template.at(status);
  const req = exchange.raw as ExpressRequest;
  const hasBase = Object.hasOwn(req, 'baseUrl');
  if (!hasBase && !Object.hasOwn(req, 'route')) return template.at(status);
  // An application that a function calls, as vhost does, inherits nothing from the one that has the middleware. Now it is known,
  // and the next request that goes through it is watched on its way.
  const { app, baseUrl, route, url = '', originalUrl = url } = req;
  watchApplication(app);
  const isLeft = hasBase && baseUrl === undefined;
  return template.atUnwatched(status, { baseUrl, route, isLeft }, url.length < originalUrl.length);
}

/** Set before our accessors were there: Express 4 makes a request one of the application's only after that. */
function takeOver(template: RouteTemplate, req: ExpressRequest, top: Level): void {
  const { baseUrl = '' } = req;
  delete req.baseUrl;
  template.enteredUnseen(baseUrl, top);
}
