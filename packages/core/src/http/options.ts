import type { IncomingMessage, ServerResponse } from 'node:http';
import type { StatsdClient, Tags } from '../index.js';
import { CHECKS, type Checks, hasMethods, integer, nameProblem, readOptions } from '../instrument.js';
import { EXCLUDED, type Excluded } from './exclude.js';

/**
 * How page views are counted.
 *
 * @typeParam Req - the framework's request.
 * @typeParam Res - the framework's response.
 */
export interface PageViewOptions<Req, Res> {
  /** The counter's name. Default `website.pageviews`. */
  readonly name?: string;
  /** Decides whether a finished response counts, instead of our rules. Default: whether a person looked at a document. */
  readonly when?: (req: Req, res: Res) => boolean;
}

/** How the calls of requests are recorded. */
export interface CallsOptions {
  /** Calls in one request from which on there is a warning, at least 2. `Infinity`: no warning. Default: 20. */
  readonly warnAt?: number;
}

/** How HTTP requests are recorded. All options can be left out. */
export interface HttpOptions<Req = IncomingMessage, Res = ServerResponse> {
  /** The client to record with. Default: the shared `Statsd`. */
  readonly statsd?: StatsdClient;
  /** Prefix of every name here, followed by a dot. Default: none. */
  readonly prefix?: string;
  /** The name of the request timer. Default `http.request`. */
  readonly name?: string;
  /** `false` leaves the request timer out. Default true. */
  readonly timing?: boolean;
  /** `false` counts no page views. Default true. */
  readonly pageviews?: boolean | PageViewOptions<Req, Res>;
  /** Requests that aren't recorded at all. Default: none. */
  readonly skip?: (req: Req) => boolean;
  /**
   * Requests that aren't recorded. An entry is a path (`/health`), a route's template (`/users/:id`), all below either of them
   * (`/internal/*` or `/internal/**`), or a regular expression. Regular expressions are tried on paths only. A path has no origin
   * and no query. Upper and lower case, and a slash at the end, make no difference. Default: none.
   */
  readonly exclude?: readonly Excluded[];
  /** Records the gauges `http.in_flight` and `http.in_flight.max`, the most since the last flush. Default: false. */
  readonly inFlight?: boolean;
  /** Records the bytes sent for a response as `http.response.bytes`. Default: false. */
  readonly bytes?: boolean;
  /**
   * Adds the tag `status_code` (`204`) to the request timer, beside `status`. Each code is a metric of its own. Default false.
   */
  readonly statusCode?: boolean;
  /** Returns more tags for a request that has ended, besides `method`, `route` and `status`. They should have few values. */
  readonly tags?: (req: Req, res: Res) => Tags;
  /**
   * Tags of each request, such as its tenant. All metrics that the client records while the request is handled get them, also
   * after each `await`. A function returns the tags when the request begins. With `true` there are none at first, and
   * `setRequestTags` adds some. The HTTP metrics get these tags only if `tags` returns them. Default: false.
   */
  readonly requestTags?: boolean | ((req: Req, res: Res) => Tags);
  /**
   * Records how often each timed thing ran in a request, as the histogram `http.request.calls`. Also records the time of all its
   * runs together, as the timer `http.request.calls.time`. The tags are `route` and `what`, the name of the thing's timer. A
   * thing that ran `warnAt` times or more in one request gives a warning, once for each route. `true` is `{ warnAt: 20 }`.
   * Default: false.
   */
  readonly calls?: boolean | CallsOptions;
  /** How many routes get a tag value of their own. Further routes are `other`. Default: 500. */
  readonly maxRoutes?: number;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
const isFunction = (value: unknown): boolean => typeof value === 'function';
const isName = (value: unknown): boolean => nameProblem(value) === undefined;
const RECORDS = ['createCounter', 'createTimer', 'gauge', 'warnOnce'];

function isPageViews(value: unknown): boolean {
  if (!isObject(value)) return typeof value === 'boolean';
  const { name, when, ...others } = value as Record<string, unknown>;
  return (
    (name === undefined || isName(name)) &&
    (when === undefined || isFunction(when)) &&
    Object.keys(others).length === 0
  );
}

function isCalls(value: unknown): boolean {
  if (!isObject(value)) return typeof value === 'boolean';
  const { warnAt = Infinity, ...others } = value as Record<string, unknown>;
  const isCount = warnAt === Infinity || (Number.isSafeInteger(warnAt) && (warnAt as number) >= 2);
  return isCount && Object.keys(others).length === 0;
}

const OPTIONS: Checks<HttpOptions> = {
  statsd: {
    must: 'be a StatsdClient',
    accepts: (value) => hasMethods(value, ...RECORDS) && isObject((value as { shared?: unknown }).shared),
  },
  prefix: { must: 'be a string that can stand in a name', accepts: (value) => value === '' || isName(value) },
  name: { must: 'be a string that can be a name', accepts: isName },
  timing: CHECKS.boolean,
  pageviews: { must: 'be true, false, or { name, when }', accepts: isPageViews },
  skip: CHECKS.function,
  exclude: {
    must: EXCLUDED,
    // `Exclusion` checks each entry, and says what is wrong with it.
    accepts: Array.isArray,
  },
  inFlight: CHECKS.boolean,
  bytes: CHECKS.boolean,
  statusCode: CHECKS.boolean,
  tags: CHECKS.function,
  requestTags: {
    must: 'be true, false, or a function',
    accepts: (value) => typeof value === 'boolean' || isFunction(value),
  },
  calls: { must: 'be true, false, or { warnAt }, a whole number of at least 2', accepts: isCalls },
  maxRoutes: integer(0),
};

/** @throws TypeError that names the option, its rule and its value. */
export function readHttpOptions<Req, Res>(options: HttpOptions<Req, Res>): HttpOptions<Req, Res> {
  return readOptions<HttpOptions<Req, Res>>(options, OPTIONS);
}
