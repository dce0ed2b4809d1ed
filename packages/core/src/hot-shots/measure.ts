import { types } from 'node:util';
import { hasMethods } from '../check/rules.js';
import { now } from '../host/clock.js';
import { readRest } from './arguments.js';
import type { Calls, Stat } from './calls.js';
import type { Tags, TimerContext } from './options.js';
import { readTags, textOf } from './tags.js';

/** A timed function. It gets a context after its arguments. */
export type Timed<P extends unknown[], R> = (...args: [...P, TimerContext]) => R;

/** A measurement of one call of a timed function. */
export interface Measurement {
  /** The context that the function gets after its arguments. */
  readonly context: TimerContext;
  /** Records the time since the beginning. */
  readonly end: () => void;
}

/** Begins to measure. `args` are the arguments after the name, as in `timing`. */
export function measure(
  calls: Calls,
  kind: 'timers' | 'distributions',
  stat: Stat,
  args: readonly unknown[],
  telegraf: boolean,
): Measurement {
  const added: string[] = [];
  const begin = now();
  return {
    context: { addTags: (tags: Tags) => void added.push(...readTags(tags, telegraf).map(textOf)) },
    end() {
      const value = now() - begin;
      const rest = readRest(args);
      const own = readTags(rest.tags, telegraf).map(textOf);
      calls.record(stat, { kind, value, ...rest, tags: added.length === 0 ? rest.tags : [...own, ...added] });
    },
  };
}

/** A function that does what `func` does, and times each call until its promise is settled. */
export function timedPromise<P extends unknown[], R>(
  calls: Calls,
  kind: 'timers' | 'distributions',
  func: Timed<P, Promise<R>>,
  stat: Stat,
  args: readonly unknown[],
  telegraf: boolean,
): (...args: P) => Promise<R> {
  return (...given) => {
    const { context, end } = measure(calls, kind, stat, args, telegraf);
    const promise: unknown = func(...given, context);
    if (types.isPromise(promise)) promise.then(end, end);
    else if (hasMethods(promise, 'then')) void (promise as PromiseLike<unknown>).then(end, end);
    else end();
    return promise as Promise<R>;
  };
}
