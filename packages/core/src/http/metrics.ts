import type { IncomingMessage, ServerResponse } from 'node:http';
import { Statsd, type StatsdClient, type Tags } from '../index.js';
import {
  activeTrace,
  describeReturned,
  dotted,
  ignoreRejection,
  requestScope,
  routeWithoutTemplate,
  withTrace,
} from '../instrument.js';
import { isYes, readTags } from './callbacks.js';
import { wasRecorded, watchServerOf } from './announced.js';
import { Exchange, type HttpOutcome, type Recorder } from './exchange.js';
import { Exclusion } from './exclude.js';
import { type InFlight, inFlightOf } from './in-flight.js';
import { exchangeOf, existingExchange } from './lookup.js';
import { type HttpOptions, type PageViewOptions, readHttpOptions } from './options.js';
import { RequestCallsSeries } from './request-calls.js';
import { Series } from './series.js';
import { sayThrown } from './thrown.js';

/**
 * Returns the template of the route that answered a request, such as `/users/:id`, or undefined if the framework found no route.
 * Called once, when the response has ended. May throw.
 */
export type RouteOf<Req, Res> = (req: Req, res: Res, exchange: Exchange) => string | undefined;

/**
 * Records HTTP requests for the middleware of a framework. The middleware calls `begin` for each request, and passes a function
 * that finds the route when the response has ended. Names, page views, limits and in-flight counts are the same for all
 * frameworks.
 *
 * @typeParam Req - the framework's request, which the options' callbacks get.
 * @example
 * ```js
 * const { createServer } = require('node:http');
 * const { HttpMetrics } = require('@afstatsd/core/http');
 *
 * const http = new HttpMetrics({ exclude: ['/health'] }, () => '/hello');
 * const server = createServer((req, res) => {
 *   http.begin(req, res);
 *   res.end('hello');
 * });
 * ```
 */
export class HttpMetrics<Req = IncomingMessage, Res = ServerResponse> {
  readonly #statsd: StatsdClient;
  readonly #series: Series;
  readonly #routeOf: RouteOf<Req, Res>;
  readonly #inFlightName: string | undefined;
  readonly #timing: boolean;
  readonly #bytes: boolean;
  readonly #pageviews: PageViewOptions<Req, Res> | undefined;
  readonly #skip: HttpOptions<Req, Res>['skip'];
  readonly #tags: HttpOptions<Req, Res>['tags'];
  readonly #requestTags: HttpOptions<Req, Res>['requestTags'];
  readonly #calls: RequestCallsSeries | undefined;
  /** Whether the middleware must handle each request in a scope of its own, with `within`. */
  readonly hasScope: boolean;
  readonly #excluded: Exclusion | undefined;
  #inFlight: InFlight | undefined;
  readonly #recorder: Recorder = {
    happened: (exchange, outcome, ms) => {
      try {
        if (exchange.trace === undefined) this.#record(exchange, outcome, ms);
        else withTrace(exchange.trace, () => this.#record(exchange, outcome, ms));
      } catch (error) {
        this.failed('end', error);
      }
    },
  };

  /** @throws TypeError that names an option which is unknown or can't be used. */
  constructor(options: HttpOptions<Req, Res>, routeOf: RouteOf<Req, Res>) {
    const given = readHttpOptions(options);
    const { pageviews = true, name = 'http.request' } = given;
    const before = dotted(given.prefix ?? '');
    this.#statsd = given.statsd ?? Statsd;
    this.#routeOf = routeOf;
    this.#pageviews = pageviews === false ? undefined : pageviews === true ? {} : pageviews;
    const names = {
      request: before + name,
      aborted: `${before}http.aborted`,
      ttfb: `${before}http.ttfb`,
      bytes: `${before}http.response.bytes`,
      pageviews: before + (this.#pageviews?.name ?? 'website.pageviews'),
    };
    this.#inFlightName = given.inFlight === true ? `${before}http.in_flight` : undefined;
    this.#timing = given.timing ?? true;
    this.#bytes = given.bytes ?? false;
    this.#skip = given.skip;
    this.#tags = given.tags;
    this.#requestTags = given.requestTags;
    const { calls = false } = given;
    if (calls !== false) {
      this.#calls = new RequestCallsSeries(
        this.#statsd,
        `${before}${name}.calls`,
        calls === true ? {} : calls,
      );
    }
    this.hasScope = this.#calls !== undefined || (given.requestTags ?? false) !== false;
    this.#excluded = given.exclude && new Exclusion(given.exclude);
    this.#series = new Series(this.#statsd, names, given.maxRoutes ?? 500, given.statusCode ?? false);
  }

  /**
   * Begins to record a request. If several middlewares of this project see the same request, the first one records it.
   *
   * @param raw - Node's request.
   * @param rawResponse - Node's response.
   * @param req - the framework's request, if that is another object than Node's.
   * @param res - the framework's response, likewise.
   * @param elapsed - how long ago the request began, in ms. Default: 0.
   * @returns The exchange of the request. Undefined if an option excludes the request, or if it is recorded already.
   */
  begin(
    raw: IncomingMessage,
    rawResponse: ServerResponse,
    req: Req = raw as Req,
    res: Res = rawResponse as Res,
    elapsed = 0,
  ): Exchange | undefined {
    const exchange = exchangeOf(raw);
    if (exchange.isRecorded || this.#isSkipped(raw, req)) return undefined;
    // Node announces the server's requests to nobody yet, or to another copy of this package. From here on, this copy gets them.
    if (!exchange.isAnnounced || !(exchange instanceof Exchange)) {
      if (!exchange.isAnnounced && wasRecorded(raw, rawResponse)) return undefined;
      watchServerOf(raw);
    }
    if (this.#inFlightName !== undefined) {
      this.#inFlight ??= inFlightOf(this.#statsd, this.#inFlightName);
      this.#inFlight.enter();
    }
    if (this.#statsd.exemplars) exchange.trace = activeTrace();
    exchange.begin(rawResponse, req, res, elapsed, this.#bytes, this.#recorder);
    return exchange;
  }

  /**
   * Handles a request in the scope of its tags. Metrics that `handle` records get these tags, also after each `await`. Requests
   * that aren't recorded get tags, too. Call this once in each middleware if `hasScope` is true.
   *
   * @param raw - Node's request.
   * @param handle - goes on with the request. Its errors are thrown.
   * @param req - the framework's request, if that is another object than Node's.
   * @param res - the framework's response.
   * @returns what `handle` returns.
   * @example
   * ```js
   * const { createServer } = require('node:http');
   * const { Statsd } = require('@afstatsd/core');
   * const { HttpMetrics } = require('@afstatsd/core/http');
   *
   * const http = new HttpMetrics({ requestTags: (req) => ({ tenant: req.headers['x-tenant'] }) }, () => '/hello');
   * const server = createServer((req, res) => {
   *   http.begin(req, res);
   *   http.within(req, () => {
   *     Statsd.increment('hellos'); // with the tag tenant
   *     res.end('hello');
   *   }, req, res);
   * });
   * ```
   */
  within<T>(raw: IncomingMessage, handle: () => T, req: Req = raw as Req, res?: Res): T {
    const scope = this.guard('scope', () => {
      const exchange = exchangeOf(raw);
      const { isRecorded } = exchange;
      const made = (exchange.scope ??= new Map());
      if (isRecorded) this.#calls?.begin(made);
      return made;
    });
    if (scope === undefined) return handle();
    return requestScope.run(scope, () => {
      this.#setRequestTags(req, res);
      return handle();
    });
  }

  /**
   * Puts a request back into its scope. This is needed after code that loses the scope, such as a body parser that reads by
   * events.
   *
   * @param raw - Node's request.
   * @param handle - goes on with it.
   * @returns what `handle` returns.
   */
  resume<T>(raw: IncomingMessage, handle: () => T): T {
    const scope = this.guard('scope', () => existingExchange(raw)?.scope);
    return scope === undefined ? handle() : requestScope.run(scope, handle);
  }

  /**
   * Calls a function whose errors must not reach the app. An error is caught, and warned about once for each subject.
   *
   * @param subject - the name of the function in the warning, such as `tags`.
   * @param call - the function.
   * @returns The result of `call`, or undefined if it threw.
   */
  guard<T>(subject: string, call: () => T): T | undefined {
    try {
      return call();
    } catch (error) {
      this.failed(subject, error);
      return undefined;
    }
  }

  /** Warns about an error, once for each subject. */
  failed(subject: string, error: unknown): void {
    sayThrown(this.#statsd, subject, error);
  }

  #record(exchange: Exchange, outcome: HttpOutcome, ms: number): void {
    if (outcome !== 'headers') this.#inFlight?.leave();
    if (outcome === 'streamed') return;
    const req = exchange.req as Req;
    const res = exchange.res as Res;
    const route = this.#route(exchange, req, res);
    if (this.#excluded?.hasRoute(route) === true) return;
    if (exchange.scope !== undefined) this.#calls?.end(exchange.scope, this.#series.routeTag(route));
    const more = this.#more(exchange, req, res);
    const series = this.#series;
    if (outcome === 'finished') this.#finished(exchange, ms, req, res, route, more);
    else if (outcome === 'headers') series.timer('ttfb', route, exchange.method, 0, more).record(ms);
    else series.counter('aborted', route, exchange.method, more).increment();
  }

  #finished(exchange: Exchange, ms: number, req: Req, res: Res, route: string, more: Tags | undefined): void {
    const series = this.#series;
    const { method } = exchange;
    if (this.#timing) series.timer('request', route, method, exchange.status, more).record(ms);
    if (this.#bytes) series.timer('bytes', route, method, 0, more).record(exchange.countBytes());
    if (this.#pageviews === undefined) return;
    const { when } = this.#pageviews;
    const isView =
      when === undefined ? exchange.isPageView : this.#isYes('pageviews.when', () => when(req, res));
    if (isView) series.counter('pageviews', route, undefined, more).increment();
  }

  #route(exchange: Exchange, req: Req, res: Res): string {
    let found: unknown;
    try {
      found = this.#routeOf(req, res, exchange);
    } catch (error) {
      this.failed('route', error);
    }
    if (typeof found === 'string') return found;
    if (found !== undefined) this.#refuseRoute(found);
    return routeWithoutTemplate(exchange.status);
  }

  #refuseRoute(found: unknown): void {
    ignoreRejection(found);
    this.#statsd.warnOnce(
      'http route returned',
      () => `HttpMetrics: routeOf must return a string or undefined; it returned ${describeReturned(found)}`,
    );
  }

  #more({ scope }: Exchange, req: Req, res: Res): Tags | undefined {
    const tags = this.#tags;
    if (tags === undefined) return undefined;
    const read = (): Tags | undefined => readTags(this.#statsd, 'tags', tags(req, res));
    // Called in the request's scope, so that the callback can read the request's tags.
    return this.guard('tags', scope === undefined ? read : () => requestScope.run(scope, read));
  }

  #setRequestTags(req: Req, res: Res | undefined): void {
    const given = this.#requestTags;
    if (typeof given !== 'function') return;
    this.guard('requestTags', () => {
      const tags = readTags(this.#statsd, 'requestTags', given(req, res as Res));
      if (tags !== undefined) this.#statsd.setRequestTags(tags);
    });
  }

  #isSkipped(raw: IncomingMessage, req: Req): boolean {
    if (this.#excluded?.hasTarget(targetOf(raw)) === true) return true;
    const skip = this.#skip;
    return skip !== undefined && this.#isYes('skip', () => skip(req));
  }

  #isYes(option: string, call: () => unknown): boolean {
    const answer = this.guard(option, call);
    return answer !== undefined && isYes(this.#statsd, option, answer);
  }
}

/** The whole target. Express, Connect and frameworks built on them cut a mount path off `url`, and keep it in `originalUrl`. */
function targetOf({ originalUrl, url = '' }: IncomingMessage & { readonly originalUrl?: unknown }): string {
  return typeof originalUrl === 'string' ? originalUrl : url;
}
