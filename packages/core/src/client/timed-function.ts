import { timed, timedBlocking } from '../call/wrap.js';
import { RUNTIME } from '../host/runtime.js';
import type { CallOptions } from '../record/intake.js';
import { describe } from '../text/describe.js';
import { type Ended, type OutcomeTags, tagsAtEnd } from './outcome-tags.js';
import type { TimeOptions } from './signatures.js';

/** The methods of a client that record timed calls. */
export interface TimedOn<N> {
  readonly timing: (name: N, ms: number, options?: CallOptions) => void;
  readonly warnOnce: (kind: string, text: () => string) => void;
  /** Called when a function is wrapped whose share of the event loop will be measured. */
  readonly noteBlocking: (name: N) => void;
}

/** The end of the name of a timer that records how long calls hold the event loop. */
export const BLOCKED = '.blocked';

/**
 * Whether the runtime can measure how long a call holds the event loop. Bun and Deno can't, because they have no hooks for
 * callbacks.
 *
 * @param warnOnce - Writes a line once for each kind. Called if the runtime can't measure it.
 */
export function canMeasureBlocking(warnOnce: TimedOn<never>['warnOnce']): boolean {
  if (RUNTIME === 'node') return true;
  warnOnce('blocking', () => `blocking needs the async hooks of Node.js, which ${RUNTIME} doesn't have`);
  return false;
}

/** Wraps a function. The wrapper records the duration of each call under one or several names. */
export function timedFunction<F extends (...args: never) => unknown, N extends string | readonly string[]>(
  on: TimedOn<N>,
  name: N,
  fn: F,
  options: TimeOptions | undefined,
): F {
  const { before, outcomeTags, blocking } = readTimeOptions(options);
  const failed = (error: unknown): void =>
    on.warnOnce(
      'outcomeTags',
      () => `the outcomeTags function of timer ${describe(name)} threw ${describe(String(error))}`,
    );
  const optionsAt = (outcome: Ended['outcome'], value: unknown): CallOptions | undefined => {
    if (outcomeTags === undefined || typeof before === 'number') return before;
    const tags = tagsAtEnd(outcomeTags, before?.tags, { outcome, value }, failed);
    return tags === undefined ? before : { ...before, tags };
  };
  if (!blocking || !canMeasureBlocking(on.warnOnce)) {
    return timed(fn, (ms, outcome, value) => on.timing(name, ms, optionsAt(outcome, value)));
  }
  on.noteBlocking(name);
  const blockedName = blockedNames(name);
  return timedBlocking(fn, (ms, outcome, value, blockedMs) => {
    const atEnd = optionsAt(outcome, value);
    on.timing(name, ms, atEnd);
    on.timing(blockedName, blockedMs, atEnd);
  });
}

/** The names of the `.blocked` timers. Bad names stay as they are, because recording refuses them. */
function blockedNames<N>(name: N): N {
  if (typeof name === 'string') return (name + BLOCKED) as N;
  return Array.isArray(name) ? (name.map(blockedNames) as N) : name;
}

/**
 * Separates the options of this file from the others, which stay as they were given. A Proxy that throws counts as having none.
 */
function readTimeOptions(options: unknown): {
  readonly before: CallOptions | undefined;
  readonly outcomeTags?: OutcomeTags;
  readonly blocking: boolean;
} {
  const asGiven = { before: options as CallOptions | undefined, blocking: false };
  try {
    if (typeof options !== 'object' || options === null) return asGiven;
    const { outcomeTags, blocking, ...before } = { ...options } as Record<string, unknown>;
    if (typeof outcomeTags === 'function') {
      return { before, outcomeTags: outcomeTags as OutcomeTags, blocking: blocking === true };
    }
    return blocking === undefined ? asGiven : { before, blocking: blocking === true };
  } catch {
    return asGiven;
  }
}
