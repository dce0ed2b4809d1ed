/**
 * A middleware of Express that records requests.
 *
 * @module
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { HttpMetrics, type HttpOptions } from '@afstatsd/core/http';
import { warnIfLate, warnUncalled, watchForLate } from './late.js';
import { templateOf, watchApplication } from './prototypes.js';
import type { ExpressRequest } from './request.js';

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
  const metrics = new HttpMetrics(options, (req, res) => routeOf(req, res.statusCode));
  let seen: unknown;
  // It has a name, because the app's stack of middleware shows it.
  const middleware = function afstatsdMiddleware(req: Req, res: Res, next: (error?: unknown) => void): void {
    try {
      const { app } = req as unknown as ExpressRequest;
      if (app !== seen) {
        watchApplication(app);
        isReached();
        warnIfLate(app, middleware, options.statsd);
        seen = app;
      }
      if (Object.hasOwn(req, 'baseUrl')) takeOver(req as unknown as ExpressRequest);
      metrics.begin(req, res, req, res);
    } catch (error) {
      metrics.failed('begin', error);
    }
    next();
  };
  const isReached = watchForLate(middleware, options.statsd);
  return middleware;
}

/** The type of {@link afstatsdExpress}. */
export type AfstatsdExpress = typeof afstatsdExpress;

/** The template of the route at the end, when the response has this status. */
function routeOf(req: IncomingMessage, status: number): string | undefined {
  const template = templateOf(req);
  const hasBase = Object.hasOwn(req, 'baseUrl');
  if (!hasBase && !Object.hasOwn(req, 'route')) return template.at(status);
  // An application that a function calls, as vhost does, inherits nothing from the one that has the middleware. Now it is known,
  // and the next request that goes through it is watched on its way.
  const { app, baseUrl, route, url = '', originalUrl = url } = req as ExpressRequest;
  watchApplication(app);
  const isLeft = hasBase && baseUrl === undefined;
  return template.atUnwatched(status, { baseUrl, route, isLeft }, url.length < originalUrl.length);
}

/** Set before our accessors were there: Express 4 makes a request one of the application's only after that. */
function takeOver(req: ExpressRequest): void {
  const { baseUrl = '' } = req;
  delete req.baseUrl;
  templateOf(req).enteredUnseen(baseUrl);
}
