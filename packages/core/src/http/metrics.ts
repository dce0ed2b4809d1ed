import type { IncomingMessage, ServerResponse } from 'node:http';
import { Statsd, type StatsdClient, type Tags } from '../index.js';
import { describe, describeReturned, dotted, ignoreRejection, routeWithoutTemplate } from '../instrument.js';
import { isYes, readTags } from './callbacks.js';
import { type Exchange, type HttpOutcome, type Recorder, exchangeOf } from './exchange.js';
import { Exclusion } from './exclude.js';
import { type InFlight, inFlightOf } from './in-flight.js';
import { type HttpOptions, type PageViewOptions, readHttpOptions } from './options.js';
import { type Family, Series } from './series.js';

/**
 * The template of the route that answers a request, such as `/users/:id`, as a framework knows it; undefined if it has
 * found none. Called once, when the response has ended. May throw.
 */
export type RouteOf<Req, Res> = (req: Req, res: Res) => string | undefined;

/**
 * Records requests, for a framework's middleware: which tells it of each request at its beginning, and knows its route at
 * the end. Names, page views, limits and in-flight counts are the same for all frameworks.
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
  readonly #names: Readonly<Record<Family, string>>;
  readonly #series: Series;
  readonly #routeOf: RouteOf<Req, Res>;
  readonly #inFlightName: string | undefined;
  readonly #timing: boolean;
  readonly #bytes: boolean;
  readonly #pageviews: PageViewOptions<Req, Res> | undefined;
  readonly #skip: HttpOptions<Req, Res>['skip'];
  readonly #tags: HttpOptions<Req, Res>['tags'];
  readonly #excluded: Exclusion | undefined;
  #inFlight: InFlight | undefined;
  readonly #recorder: Recorder = {
    happened: (exchange, outcome, ms) => {
      try {
        this.#record(exchange, outcome, ms);
      } catch (error) {
        this.failed('end', error);
      }
    },
  };

  /** @throws TypeError that names the option, for one that is unknown or can't be used. */
  constructor(options: HttpOptions<Req, Res>, routeOf: RouteOf<Req, Res>) {
    const given = readHttpOptions(options);
    const { pageviews = true, name = 'http.request' } = given;
    const before = dotted(given.prefix ?? '');
    this.#statsd = given.statsd ?? Statsd;
    this.#routeOf = routeOf;
    this.#pageviews = pageviews === false ? undefined : pageviews === true ? {} : pageviews;
    this.#names = {
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
    this.#excluded = given.exclude && new Exclusion(given.exclude);
    this.#series = new Series(this.#statsd, given.maxRoutes ?? 500, given.statusCode ?? false);
  }

  /**
   * A request has begun. Whatever middleware of this project, in whatever framework, is told of it first records it.
   *
   * @param raw - Node's request.
   * @param rawResponse - Node's response.
   * @param req - the framework's request, if that is another object than Node's.
   * @param res - the framework's response, likewise.
   * @param elapsed - how long ago that was, in ms. Default 0.
   * @returns Undefined when it isn't to be recorded, or is recorded already.
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
    if (this.#inFlightName !== undefined) {
      this.#inFlight ??= inFlightOf(this.#statsd, this.#inFlightName);
      this.#inFlight.enter();
    }
    exchange.begin(rawResponse, req, res, elapsed, this.#bytes, this.#recorder);
    return exchange;
  }

  /**
   * Calls what may be the app's, or must not fail: what it throws is said once for each subject, and goes no further.
   *
   * @param subject - what is called, for people: `tags`.
   * @param call - returns what this is to return.
   * @returns Undefined when it threw.
   */
  guard<T>(subject: string, call: () => T): T | undefined {
    try {
      return call();
    } catch (error) {
      this.failed(subject, error);
      return undefined;
    }
  }

  /** Says once for each subject what `error` it threw. */
  failed(subject: string, error: unknown): void {
    this.#statsd.warnOnce(
      `http ${subject}`,
      () => `HTTP instrumentation (${subject}) threw ${describe(String(error))}`,
    );
  }

  #record(exchange: Exchange, outcome: HttpOutcome, ms: number): void {
    if (outcome !== 'headers') this.#inFlight?.leave();
    if (outcome === 'streamed') return;
    const req = exchange.req as Req;
    const res = exchange.res as Res;
    const route = this.#route(exchange, req, res);
    if (this.#excluded?.hasRoute(route) === true) return;
    const more = this.#more(req, res);
    if (outcome === 'headers') this.#time('ttfb', exchange, route, ms, more);
    else if (outcome === 'aborted') {
      const { raw, rawResponse } = exchange;
      const options = this.#series.options('aborted', route, raw.method, rawResponse.statusCode, more);
      this.#statsd.increment(this.#names.aborted, options);
    } else this.#finished(exchange, ms, req, res, route, more);
  }

  #finished(exchange: Exchange, ms: number, req: Req, res: Res, route: string, more: Tags | undefined): void {
    if (this.#timing) this.#time('request', exchange, route, ms, more);
    if (this.#bytes) this.#time('bytes', exchange, route, exchange.countBytes(), more);
    if (this.#pageviews === undefined) return;
    const { when } = this.#pageviews;
    const isView =
      when === undefined ? exchange.isPageView : this.#isYes('pageviews.when', () => when(req, res));
    if (!isView) return;
    const options = this.#series.options('pageviews', route, undefined, 0, more);
    this.#statsd.increment(this.#names.pageviews, options);
  }

  #time(family: Family, exchange: Exchange, route: string, value: number, more: Tags | undefined): void {
    const { raw, rawResponse } = exchange;
    const options = this.#series.options(family, route, raw.method, rawResponse.statusCode, more);
    this.#statsd.timing(this.#names[family], value, options);
  }

  #route({ rawResponse }: Exchange, req: Req, res: Res): string {
    let found: unknown;
    try {
      found = this.#routeOf(req, res);
    } catch (error) {
      this.failed('route', error);
    }
    if (typeof found === 'string') return found;
    if (found !== undefined) this.#refuseRoute(found);
    return routeWithoutTemplate(rawResponse.statusCode);
  }

  #refuseRoute(found: unknown): void {
    ignoreRejection(found);
    this.#statsd.warnOnce(
      'http route returned',
      () => `HttpMetrics: routeOf must return a string or undefined; it returned ${describeReturned(found)}`,
    );
  }

  #more(req: Req, res: Res): Tags | undefined {
    const tags = this.#tags;
    if (tags === undefined) return undefined;
    return this.guard('tags', () => readTags(this.#statsd, tags(req, res)));
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

/** Routers with a mount take it off `url`, and keep the whole here: Express, Connect and what is built on them. */
function targetOf({ originalUrl, url = '' }: IncomingMessage & { readonly originalUrl?: unknown }): string {
  return typeof originalUrl === 'string' ? originalUrl : url;
}
