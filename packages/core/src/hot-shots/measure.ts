import { now } from '../host/clock.js';
import { readRest } from './arguments.js';
import type { Calls, Stat } from './calls.js';
import type { Tags, TimerContext } from './options.js';
import { readTags, textOf } from './tags.js';

/** A measurement of one call of a timed function. */
export interface Measurement {
  /** What the function gets behind its arguments. */
  readonly context: TimerContext;
  /** Records the time since the beginning. */
  readonly end: () => void;
}

/** Begins to measure. `args` stand behind the name, as in `timing`. */
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
