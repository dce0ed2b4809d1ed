import type { IncomingMessage, ServerResponse } from 'node:http';
import type { StatsdClient, Tags } from '../index.js';
import { describe, nameProblem } from '../instrument.js';

/**
 * How page views are counted.
 *
 * @typeParam Req - the framework's request.
 * @typeParam Res - the framework's response.
 */
export interface PageViewOptions<Req, Res> {
  /** The counter's name. Default `website.pageviews`. */
  readonly name?: string;
  /** Decides in the place of the rules, for a finished response. Default: a person looked at a document. */
  readonly when?: (req: Req, res: Res) => boolean;
}

/** What is recorded of HTTP requests. All options can be left out. */
export interface HttpOptions<Req = IncomingMessage, Res = ServerResponse> {
  /** The client to record with. Default: the shared `Statsd`. */
  readonly statsd?: StatsdClient;
  /** Stands before every name here, with a dot between. Default: none. */
  readonly prefix?: string;
  /** The name of the request timer. Default `http.request`. */
  readonly name?: string;
  /** `false` leaves the request timer out. Default true. */
  readonly timing?: boolean;
  /** `false` counts no page views. Default true. */
  readonly pageviews?: boolean | PageViewOptions<Req, Res>;
  /** Requests that aren't recorded at all. Default: none. */
  readonly skip?: (req: Req) => boolean;
  /** Paths that aren't recorded: exact ones (`/health`), all below one (`/internal/*`), or regular expressions. Default: none. */
  readonly exclude?: readonly (RegExp | string)[];
  /** Gauges `http.in_flight` and `http.in_flight.max`, the most since the last flush. Default false. */
  readonly inFlight?: boolean;
  /** The distribution `http.response.bytes`, of bytes sent for a response. Default false. */
  readonly bytes?: boolean;
  /** More tags, beside `method`, `route` and `status`, for each request that has ended. They should have few values. */
  readonly tags?: (req: Req, res: Res) => Tags;
  /** Distinct routes that are told apart; further ones are `other`. Default 500. */
  readonly maxRoutes?: number;
}

type Check = readonly [must: string, accepts: (value: unknown) => boolean];

const isBoolean = (value: unknown): boolean => typeof value === 'boolean';
const isFunction = (value: unknown): boolean => typeof value === 'function';
const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
const isName = (value: unknown): boolean => nameProblem(value) === undefined;
const RECORDS = ['gauge', 'increment', 'timing', 'warnOnce'];

function isPageViews(value: unknown): boolean {
  if (!isObject(value)) return isBoolean(value);
  const { name, when, ...others } = value as Record<string, unknown>;
  return (
    (name === undefined || isName(name)) &&
    (when === undefined || isFunction(when)) &&
    Object.keys(others).length === 0
  );
}

const CHECKS: { readonly [K in keyof Required<HttpOptions>]: Check } = {
  statsd: [
    `be a StatsdClient`,
    (value) =>
      isObject(value) &&
      RECORDS.every((method) => isFunction((value as Record<string, unknown>)[method])) &&
      isObject((value as { shared?: unknown }).shared),
  ],
  prefix: ['be a string that can stand in a name', (value) => value === '' || isName(value)],
  name: ['be a string that can be a name', isName],
  timing: ['be true or false', isBoolean],
  pageviews: ['be true, false, or { name, when }', isPageViews],
  skip: ['be a function', isFunction],
  exclude: [
    'be an array of paths that begin with "/", and regular expressions',
    (value) =>
      Array.isArray(value) &&
      value.every((path) => path instanceof RegExp || (typeof path === 'string' && path.startsWith('/'))),
  ],
  inFlight: ['be true or false', isBoolean],
  bytes: ['be true or false', isBoolean],
  tags: ['be a function', isFunction],
  maxRoutes: ['be an integer of at least 0', (value) => Number.isInteger(value) && (value as number) >= 0],
};

/** @throws TypeError that names the option and its value. An option that is undefined is one that was not given. */
export function checkOptions(options: object): void {
  if (!isObject(options)) throw new TypeError(`options must be an object; they are ${describe(options)}`);
  for (const [option, value] of Object.entries(options) as [string, unknown][]) {
    const check = Object.hasOwn(CHECKS, option) ? CHECKS[option as keyof HttpOptions] : undefined;
    if (check === undefined) {
      throw new TypeError(`unknown option ${describe(option)}; there are ${Object.keys(CHECKS).join(', ')}`);
    }
    const [must, accepts] = check;
    if (value !== undefined && !accepts(value)) {
      throw new TypeError(`option ${option} must ${must}; it is ${describe(value)}`);
    }
  }
}
