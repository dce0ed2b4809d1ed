/**
 * For functions whose process is stopped between two invocations, as that of AWS Lambda is.
 *
 * @module
 */
import { types } from 'node:util';
import { disguise } from './call/disguise.js';
import { type Checks, readOptions } from './check/options.js';
import { CHECKS, hasMethods } from './check/rules.js';
import { sharedStatsd } from './client/shared.js';
import type { StatsdClient } from './client/statsd.js';
import { describe } from './text/describe.js';

/** How `withStatsd` goes about it. */
export interface ServerlessOptions {
  /** The client whose metrics leave. Default: the shared client `Statsd`. */
  readonly statsd?: Pick<StatsdClient, 'flush'>;
  /**
   * How long the end of an invocation waits for its metrics to leave, in ms. It waits less where the context's
   * `getRemainingTimeInMillis` leaves less. Default 1,000.
   */
  readonly timeout?: number;
  /**
   * Where the platform can be told of work that goes on after the response: takes the promise of the flush, and the response
   * doesn't wait for it. Default: the response waits.
   */
  readonly waitUntil?: (flushed: Promise<unknown>) => void;
}

const OPTIONS: Checks<ServerlessOptions> = {
  statsd: { must: 'be a client', accepts: (value) => hasMethods(value, 'flush') },
  timeout: CHECKS.delay,
  waitUntil: CHECKS.function,
};
const DEFAULT_TIMEOUT_MS = 1_000;
/** So much of an invocation's time is left to the platform, in ms. */
const MARGIN_MS = 50;

/** What of AWS Lambda's context is used. */
interface LambdaContext {
  getRemainingTimeInMillis(): number;
}

/**
 * A function that does what `handler` does, and sends what was recorded before an invocation is over, because the process may be
 * stopped then, for minutes or for good. What couldn't leave in time stays for the next invocation.
 *
 * It knows AWS Lambda's forms: handlers that return a promise, those that take a callback, and those of
 * `awslambda.streamifyResponse`; and any other function that returns a promise. What the invocation results in, name, length and
 * properties stay as they are. Of a handler that returns a plain value outside of Lambda, the flush only begins.
 *
 * @param handler - The function that is called for each invocation.
 * @returns A function like `handler`.
 * @throws TypeError for a handler that isn't a function, and for an option that can't be used.
 * @example
 * ```js
 * const { Statsd } = require('@afstatsd/core');
 * const { withStatsd } = require('@afstatsd/core/serverless');
 * exports.handler = withStatsd(async (event) => {
 *   Statsd.increment('orders');
 *   return { statusCode: 200 };
 * });
 * ```
 */
export function withStatsd<F extends (...args: never) => unknown>(
  handler: F,
  options: ServerlessOptions = {},
): F {
  if (typeof handler !== 'function') {
    throw new TypeError(`withStatsd takes a function; it got ${describe(handler)}`);
  }
  const given = readOptions(options, OPTIONS, 'withStatsd: ');
  const { statsd = sharedStatsd(), timeout = DEFAULT_TIMEOUT_MS, waitUntil } = given;

  const flush = (context: LambdaContext | undefined): Promise<unknown> =>
    statsd.flush({ timeout: Math.min(timeout, timeLeft(context)) });
  /** Calls `go` when the metrics have left, or at once where the platform waits for them itself. */
  const over = <T>(context: LambdaContext | undefined, go: () => T): Promise<T> => {
    const flushed = flush(context);
    if (waitUntil === undefined) return flushed.then(go, go);
    waitUntil(flushed);
    return Promise.resolve().then(go);
  };

  const wrapper = function (this: unknown, ...args: unknown[]): unknown {
    const context = args.find(isLambdaContext);
    const callback = context === undefined ? undefined : args[2];
    const takesCallback = typeof callback === 'function';
    if (takesCallback) {
      args[2] = (...results: unknown[]) =>
        void over(context, () => void Reflect.apply(callback, undefined, results));
    }
    let result: unknown;
    try {
      result = Reflect.apply(handler, this, args);
    } catch (error) {
      if (context === undefined) {
        void over(context, () => {});
        throw error;
      }
      return over(context, () => {
        throw error;
      });
    }
    if (isThenable(result)) {
      return Promise.resolve(result).then(
        (value) => over(context, () => value),
        (error: unknown) =>
          over(context, () => {
            throw error;
          }),
      );
    }
    // Of a handler that calls back, the invocation goes on.
    if (!takesCallback) void over(context, () => {});
    return result;
  };
  return disguise(wrapper as (...args: never) => unknown, handler);
}

/** In ms. Without a context, as much as one likes. */
function timeLeft(context: LambdaContext | undefined): number {
  try {
    const left: unknown = context?.getRemainingTimeInMillis();
    return typeof left === 'number' && left >= 0 ? Math.max(0, left - MARGIN_MS) : Infinity;
  } catch {
    return Infinity;
  }
}

function isLambdaContext(value: unknown): value is LambdaContext {
  return !types.isProxy(value) && hasMethods(value, 'getRemainingTimeInMillis');
}

/** A Proxy is a plain value, because asking it for its `then` may do anything. */
function isThenable(value: unknown): value is PromiseLike<unknown> {
  return types.isPromise(value) || (!types.isProxy(value) && hasMethods(value, 'then'));
}
