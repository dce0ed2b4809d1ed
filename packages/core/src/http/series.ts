import type { BoundCounter, BoundTimer, StatsdClient, Tags } from '../index.js';
import { OTHER, UNMATCHED, describe, isTagValue, routeTag } from '../instrument.js';
import { type Share, shareOf } from './share.js';

/** The families of metrics of a request. Each family has one name. */
type Timers = 'bytes' | 'request' | 'ttfb';
type Counters = 'aborted' | 'pageviews';
type Family = Counters | Timers;

/** The values of the tag `method`: the methods that HTTP itself defines. */
const METHODS = ['get', 'head', 'post', 'put', 'delete', 'connect', 'options', 'trace', 'patch', OTHER];
const METHOD_INDEX = new Map(METHODS.map((method, at) => [method.toUpperCase(), at]));
const STATUSES = ['1xx', '2xx', '3xx', '4xx', '5xx', OTHER];
const OTHER_METHOD = METHODS.length - 1;
const OTHER_STATUS = STATUSES.length - 1;
/** The first place of each family. A family has one place per method, and `request` one per method and status. */
const PLACES: Readonly<Record<Family, number>> = {
  request: 0,
  aborted: 60,
  ttfb: 70,
  bytes: 80,
  pageviews: 90,
};
const PLACES_IN_ALL = 100;

/**
 * The metrics of requests, within the limits of routes and of HTTP's share. They are held by route, method and status, because
 * finding them by their tags would cost three times as much.
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
   * @param template - the template of the route, or `unmatched`.
   * @param status - the status of the response, for the family `request`.
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

  /** The same for a counter, which has no status. */
  counter(
    family: Counters,
    template: string,
    method: string | undefined,
    more: Tags | undefined,
  ): BoundCounter {
    const m = METHOD_INDEX.get(method ?? '') ?? OTHER_METHOD;
    return this.#metric(family, template, m, OTHER_STATUS, undefined, more) as BoundCounter;
  }

  /** The tag of a route: its template, `unmatched`, or `other` if there are too many routes. */
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

  /** Makes a metric. Undefined if HTTP's share has no room for it. */
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
  /** Undefined for the route `other`, which needs no share because it has few metrics. */
  readonly share: Share | undefined;
  /** Metrics by place and status code, and by the app's own tags if it has any. */
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

/** Differs for different tags. Invalid values, which core refuses, may collide. Their own code never runs. */
function textOf(tags: Tags): string {
  const parts = Object.entries(tags).map(([key, value]) => [
    key,
    typeof value,
    isTagValue(value) ? value : describe(value),
  ]);
  return JSON.stringify(parts);
}
