import type { BoundCounter, BoundTimer, StatsdClient, Tags } from '../index.js';
import { OTHER, UNMATCHED, describe, isTagValue, routeTag } from '../instrument.js';
import { type Share, shareOf } from './share.js';

/** What is recorded of a request, each as metrics of one name. */
type Timers = 'bytes' | 'request' | 'ttfb';
type Counters = 'aborted' | 'pageviews';
type Family = Counters | Timers;

/** As tags: methods that HTTP itself defines. */
const METHODS = ['get', 'head', 'post', 'put', 'delete', 'connect', 'options', 'trace', 'patch', OTHER];
const METHOD_INDEX = new Map(METHODS.map((method, at) => [method.toUpperCase(), at]));
const STATUSES = ['1xx', '2xx', '3xx', '4xx', '5xx', OTHER];
const OTHER_METHOD = METHODS.length - 1;
const OTHER_STATUS = STATUSES.length - 1;
/** Where the tags of a family begin in a route's list: one place for each method, and for `request` for each status of it. */
const PLACES: Readonly<Record<Family, number>> = {
  request: 0,
  aborted: 60,
  ttfb: 70,
  bytes: 80,
  pageviews: 90,
};
const PLACES_IN_ALL = 100;

/**
 * What a request is recorded with: as few metrics as the limits allow. Each is found by route, method and status, and held, which
 * costs a third of finding it by its tags.
 */
export class Series {
  readonly #statsd: StatsdClient;
  readonly #names: Readonly<Record<Family, string>>;
  readonly #share: Share;
  readonly #maxRoutes: number;
  readonly #withCode: boolean;
  readonly #routes = new Map<string, Route>();
  readonly #unmatched: Route;
  readonly #other: Route;

  /** @param withCode - Whether the request timer has the tag `status_code`. */
  constructor(
    statsd: StatsdClient,
    names: Readonly<Record<Family, string>>,
    maxRoutes: number,
    withCode: boolean,
  ) {
    this.#withCode = withCode;
    this.#statsd = statsd;
    this.#names = names;
    this.#share = shareOf(statsd);
    this.#maxRoutes = maxRoutes;
    this.#unmatched = new Route(UNMATCHED, this.#share);
    this.#other = new Route(OTHER, undefined);
  }

  /**
   * @param template - the route's, or `unmatched`.
   * @param status - of a request's timer.
   * @param more - the app's own tags.
   */
  timer(
    family: Timers,
    template: string,
    method: string | undefined,
    status: number,
    more: Tags | undefined,
  ): BoundTimer {
    const m = METHOD_INDEX.get(method ?? '') ?? OTHER_METHOD;
    const s = status >= 100 && status < 600 ? Math.floor(status / 100) - 1 : OTHER_STATUS;
    const code = this.#withCode && family === 'request' && s !== OTHER_STATUS ? status : undefined;
    return this.#metric(family, template, m, s, code, more) as BoundTimer;
  }

  /** The same of a counter, which no status tells apart. */
  counter(
    family: Counters,
    template: string,
    method: string | undefined,
    more: Tags | undefined,
  ): BoundCounter {
    const m = METHOD_INDEX.get(method ?? '') ?? OTHER_METHOD;
    return this.#metric(family, template, m, OTHER_STATUS, undefined, more) as BoundCounter;
  }

  /** The tag of a route: its template, `unmatched`, or `other` where there are too many. */
  routeTag(template: string): string {
    return (this.#routes.get(template) ?? this.#newRoute(template)).route;
  }

  #metric(
    family: Family,
    template: string,
    method: number,
    status: number,
    code: number | undefined,
    more: Tags | undefined,
  ): BoundCounter | BoundTimer {
    const route = this.#routes.get(template) ?? this.#newRoute(template);
    const place = PLACES[family] + (family === 'request' ? method * STATUSES.length + status : method);
    const key = keyOf(place, code, more);
    return (
      route.known.get(key) ??
      this.#newMetric(route, key, family, method, status, code, more) ??
      this.#other.known.get(place) ??
      this.#newMetric(this.#other, place, family, method, status, undefined, undefined)!
    );
  }

  /** Undefined when there is no room for one more. */
  #newMetric(
    { known, route, share }: Route,
    key: number | string,
    family: Family,
    method: number,
    status: number,
    code: number | undefined,
    more: Tags | undefined,
  ): BoundCounter | BoundTimer | undefined {
    if (share?.take() === false) return undefined;
    const tags = { ...more, ...tagsOf(family, route, method, status, code) };
    const name = this.#names[family];
    const isCounter = family === 'aborted' || family === 'pageviews';
    const metric = isCounter
      ? this.#statsd.createCounter(name, { tags })
      : this.#statsd.createTimer(name, { tags });
    known.set(key, metric);
    return metric;
  }

  #newRoute(template: string): Route {
    if (template === UNMATCHED) return this.#unmatched;
    if (this.#routes.size < this.#maxRoutes) {
      const route = new Route(routeTag(template), this.#share);
      this.#routes.set(template, route);
      return route;
    }
    this.#statsd.warnOnce(
      'http routes',
      () => `HTTP has ${this.#maxRoutes} routes (maxRoutes): further ones are recorded as "${OTHER}"`,
    );
    return this.#other;
  }
}

/** One route's metrics. */
class Route {
  readonly route: string;
  /** Undefined for the one that takes in what there is no room for; it is bounded by itself. */
  readonly share: Share | undefined;
  /** By place, or by place and status code, or by these and the app's own tags. */
  readonly known = new Map<number | string, BoundCounter | BoundTimer>();

  constructor(route: string, share: Share | undefined) {
    this.route = route;
    this.share = share;
  }
}

function tagsOf(
  family: Family,
  route: string,
  method: number,
  status: number,
  code: number | undefined,
): Tags {
  if (family === 'pageviews') return { route };
  if (family !== 'request') return { method: METHODS[method], route };
  const tags = { method: METHODS[method], route, status: STATUSES[status] };
  return code === undefined ? tags : { ...tags, status_code: code };
}

function keyOf(place: number, code: number | undefined, more: Tags | undefined): number | string {
  const at = code === undefined ? place : place + code * PLACES_IN_ALL;
  return more === undefined ? at : `${at} ${textOf(more)}`;
}

/** Different for different tags. Of values that can't be one, which core refuses, it may be the same; none of their code runs. */
function textOf(tags: Tags): string {
  const parts = Object.entries(tags).map(([key, value]) => [
    key,
    typeof value,
    isTagValue(value) ? value : describe(value),
  ]);
  return JSON.stringify(parts);
}
