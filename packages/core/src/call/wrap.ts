import { now } from '../host/clock.js';
import { type Hold, endHold, newHold, within } from '../host/node-realm.js';
import { disguise } from './disguise.js';
import { follow } from './follow.js';
import type { Outcome, Watch } from './watch.js';

type AnyFunction = (...args: never) => unknown;

/**
 * A function that does what `fn` does, and times it: from the call to its return or throw or, when it returns a promise
 * or another thenable, to when that is settled. A generator is timed from its first `next` to its end, an RxJS Observable
 * from each subscription to its end. `record` gets the duration in ms, how the call ended, and the result or the error.
 *
 * The caller sees no difference: same `this`, arguments, result, error, name, length and properties; it can be called
 * with `new` if `fn` can.
 */
export function timed<F extends AnyFunction>(
  fn: F,
  record: (ms: number, outcome: Exclude<Outcome, 'deferred'>, value: unknown) => void,
): F {
  const watch: Watch<number> = {
    known: new WeakMap(),
    again: now,
    end: (begin, outcome, value) => {
      if (outcome !== 'deferred') record(now() - begin, outcome, value);
    },
  };
  return disguised(fn, (call) => {
    const begin = now();
    let result: unknown;
    try {
      result = call();
    } catch (error) {
      watch.end(begin, 'failure', error);
      throw error;
    }
    return follow(result, begin, watch);
  });
}

/** A run of which it is measured how long it holds the event loop. */
interface HeldRun {
  readonly begin: number;
  readonly hold: Hold;
}

/**
 * Times a function as {@link timed} does, and measures how much of that time its code held the event loop: in the call, and in
 * callbacks and continuations of promises that come from it, until it is over. `record` gets that as `blockedMs`.
 */
export function timedBlocking<F extends AnyFunction>(
  fn: F,
  record: (ms: number, outcome: Exclude<Outcome, 'deferred'>, value: unknown, blockedMs: number) => void,
): F {
  const begin = (): HeldRun => ({ hold: newHold(), begin: now() });
  const watch = {
    known: new WeakMap(),
    again: begin,
    end: (run, outcome, value) => {
      if (outcome !== 'deferred') record(now() - run.begin, outcome, value, endHold(run.hold));
    },
    within: (run, work) => within(run.hold, work),
  } satisfies Watch<HeldRun>;
  return disguised(fn, (call) => {
    const run = begin();
    let result: unknown;
    try {
      result = within(run.hold, call);
    } catch (error) {
      watch.end(run, 'failure', error);
      throw error;
    }
    return follow(result, run, watch);
  });
}

/** A function that does what `fn` does, and calls `record` before. */
export function counted<F extends AnyFunction>(fn: F, record: () => void): F {
  return disguised(fn, (call) => {
    record();
    return call();
  });
}

function disguised<F extends AnyFunction>(fn: F, around: (call: () => unknown) => unknown): F {
  const wrapper = function (this: unknown, ...args: unknown[]): unknown {
    const target = new.target;
    return around(() =>
      target === undefined
        ? Reflect.apply(fn, this, args as never)
        : Reflect.construct(fn, args, target === (wrapper as unknown) ? fn : target),
    );
  };
  return disguise(wrapper, fn);
}
