import type { CallOptions, StatsdClient, Tags } from '../index.js';
import { OTHER, UNMATCHED, describe, isTagValue, routeTag } from '../instrument.js';
import { type Share, shareOf } from './share.js';

/** What is recorded of a request, each as metrics of one name. */
export type Family = 'aborted' | 'bytes' | 'pageviews' | 'request' | 'ttfb';

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

/** What a request is recorded with: as few combinations of tags as the limits allow. Each is made once, and kept. */
export class Series {
  readonly #statsd: StatsdClient;
  readonly #share: Share;
  readonly #maxRoutes: number;
  readonly #withCode: boolean;
  readonly #routes = new Map<string, Route>();
  readonly #unmatched: Route;
  readonly #other = new Route(OTHER, undefined);

  /** @param withCode - Whether the request timer has the tag `status_code`. */
  constructor(statsd: StatsdClient, maxRoutes: number, withCode: boolean) {
    this.#withCode = withCode;
    this.#statsd = statsd;
    this.#share = shareOf(statsd);
    this.#maxRoutes = maxRoutes;
    this.#unmatched = new Route(UNMATCHED, this.#share);
  }

  /**
   * @param template - the route's, or `unmatched`.
   * @param more - the app's own tags.
   */
  options(
    family: Family,
    template: string,
    method: string | undefined,
    status: number,
    more: Tags | undefined,
  ): CallOptions {
    const route = this.#routes.get(template) ?? this.#newRoute(template);
    const m = METHOD_INDEX.get(method ?? '') ?? OTHER_METHOD;
    const s = status >= 100 && status < 600 ? Math.floor(status / 100) - 1 : OTHER_STATUS;
    const code = this.#withCode && family === 'request' && s !== OTHER_STATUS ? status : undefined;
    return (
      route.options(family, m, s, code, more) ?? this.#other.options(family, m, s, undefined, undefined)!
    );
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

/** One route's tags. */
class Route {
  readonly #route: string;
  /** Undefined for the one that takes in what there is no room for; it is bounded by itself. */
  readonly #share: Share | undefined;
  /** By place, or by place and status code, or by these and the app's own tags. */
  readonly #known = new Map<number | string, CallOptions>();

  constructor(route: string, share: Share | undefined) {
    this.#route = route;
    this.#share = share;
  }

  /** Undefined when there is no room for one more. */
  options(
    family: Family,
    method: number,
    status: number,
    code: number | undefined,
    more: Tags | undefined,
  ): CallOptions | undefined {
    const place = PLACES[family] + (family === 'request' ? method * STATUSES.length + status : method);
    const at = code === undefined ? place : place + code * PLACES_IN_ALL;
    const key = more === undefined ? at : `${at} ${keyOf(more)}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    if (this.#share?.take() === false) return undefined;
    const options = { tags: { ...more, ...this.#tags(family, method, status, code) } };
    this.#known.set(key, options);
    return options;
  }

  #tags(family: Family, method: number, status: number, code: number | undefined): Tags {
    const route = this.#route;
    if (family === 'pageviews') return { route };
    if (family !== 'request') return { method: METHODS[method], route };
    const tags = { method: METHODS[method], route, status: STATUSES[status] };
    return code === undefined ? tags : { ...tags, status_code: code };
  }
}

/** Different for different tags. Of values that can't be one, which core refuses, it may be the same; none of their code runs. */
function keyOf(tags: Tags): string {
  const parts = Object.entries(tags).map(([key, value]) => [
    key,
    typeof value,
    isTagValue(value) ? value : describe(value),
  ]);
  return JSON.stringify(parts);
}
