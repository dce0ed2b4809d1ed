import type { IncomingMessage, ServerResponse } from 'node:http';
import type { StatsdClient, StatsdOptions, Tags } from '@afstatsd/core';
import type { HttpOptions } from '@afstatsd/core/http';
import {
  CHECKS,
  type Checks,
  hasMethods,
  integer,
  nameProblem,
  readOptions,
} from '@afstatsd/core/instrument';
import type { ExecutionContext } from '@nestjs/common';

/** What is timed beside HTTP requests; each is on unless it is `false`. */
export interface HandlerOptions {
  /** `rpc.request`: handlers of microservices. Default true. */
  readonly rpc?: boolean;
  /** `graphql.resolve`: resolvers. Default true. */
  readonly graphql?: boolean;
  /** `websocket.message`: handlers of gateways. Default true. */
  readonly websocket?: boolean;
  /** `schedule.run`: cron jobs, intervals and timeouts of `@nestjs/schedule`. Default true. */
  readonly schedule?: boolean;
  /** `queue.job`: processors of `@nestjs/bullmq`. Default true. */
  readonly queue?: boolean;
}

/**
 * The options of {@link AfstatsdModule}. All can be left out.
 *
 * @typeParam Req - the request of the adapter's framework, which the callbacks of `http` get.
 * @typeParam Res - its response.
 */
export interface AfstatsdModuleOptions<Req = IncomingMessage, Res = ServerResponse> {
  /**
   * The client that is injected and recorded with; or options, with which the shared `Statsd` is configured. Default: the shared
   * `Statsd` as it is.
   */
  readonly client?: StatsdClient | StatsdOptions;
  /**
   * What is recorded of HTTP requests, with the options of the middleware of Express and Fastify; `false` records none. Default true.
   */
  readonly http?: boolean | HttpOptions<Req, Res>;
  /** Which handlers are timed beside; `false`: none. Default: all. */
  readonly handlers?: boolean | HandlerOptions;
  /** Stands before the names of `handlers`, with a dot between. Default: none. */
  readonly prefix?: string;
  /**
   * Tags for all that the client records within a handler, of whichever transport, such as the tenant of the call. What comes before
   * interceptors, guards among it, has them by `http.requestTags` only. Default: none.
   */
  readonly requestTags?: (context: ExecutionContext) => Tags;
  /** How long the flush at shutdown may take, in ms; 0 doesn't flush. Default 2,000. */
  readonly flushTimeout?: number;
}

/** The options, each with its value. */
export interface Settings {
  readonly client: StatsdClient | StatsdOptions | undefined;
  readonly http: HttpOptions<never, never> | undefined;
  readonly handlers: Required<HandlerOptions>;
  readonly prefix: string;
  readonly requestTags: AfstatsdModuleOptions['requestTags'];
  readonly flushTimeout: number;
}

const ALL: Required<HandlerOptions> = {
  rpc: true,
  graphql: true,
  websocket: true,
  schedule: true,
  queue: true,
};
const NONE: Required<HandlerOptions> = {
  rpc: false,
  graphql: false,
  websocket: false,
  schedule: false,
  queue: false,
};
const HANDLERS: Checks<HandlerOptions> = {
  rpc: CHECKS.boolean,
  graphql: CHECKS.boolean,
  websocket: CHECKS.boolean,
  schedule: CHECKS.boolean,
  queue: CHECKS.boolean,
};

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
const isSwitch = (value: unknown): boolean => typeof value === 'boolean' || isObject(value);

const OPTIONS: Checks<AfstatsdModuleOptions> = {
  client: { must: 'be a StatsdClient, or options of one', accepts: isObject },
  http: { must: 'be true, false, or options of HTTP', accepts: isSwitch },
  handlers: { must: 'be true, false, or { rpc, graphql, websocket, schedule, queue }', accepts: isSwitch },
  prefix: {
    must: 'be a string that can stand in a name',
    accepts: (value) => value === '' || nameProblem(value) === undefined,
  },
  requestTags: CHECKS.function,
  flushTimeout: integer(0),
};

/** Whether a value is a client that can record everything here, as a test's stand-in need not be. */
export function isClient(value: unknown): value is StatsdClient {
  return hasMethods(value, 'createTimer', 'createCounter', 'gauge', 'warnOnce', 'flush');
}

/** @throws TypeError that names the option, its rule and its value. */
export function readModuleOptions<Req, Res>(options: AfstatsdModuleOptions<Req, Res> = {}): Settings {
  const {
    client,
    http = true,
    handlers = true,
    prefix = '',
    requestTags,
    flushTimeout = 2000,
  } = readOptions<AfstatsdModuleOptions<never, never>>(options, OPTIONS, 'AfstatsdModule: ');
  const given =
    typeof handlers === 'boolean' ? {} : readOptions(handlers, HANDLERS, 'AfstatsdModule: handlers.');
  return {
    client,
    http: http === true ? {} : http === false ? undefined : http,
    handlers: handlers === false ? NONE : { ...ALL, ...given },
    prefix,
    requestTags,
    flushTimeout,
  };
}
