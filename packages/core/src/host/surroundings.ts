import { now, random, wallClock } from './clock.js';
import { MAX_DELAY_MS, clearTimeout, setTimeout } from './timers.js';

/** Time and chance, as the process gives them. Tests hand in their own. */
export interface Surroundings {
  /** Milliseconds since 1970. */
  readonly wallClock: () => number;
  /** Milliseconds of a clock that nobody can set. */
  readonly now: () => number;
  /** A number from 0 up to, but not including, 1. */
  readonly random: () => number;
  /** Calls a function once, after so many ms, unless the returned function is called before. The process doesn't wait for it. */
  readonly later: (ms: number, call: () => void) => () => void;
}

/** The clocks and timers of Node.js, and its pseudo-random numbers. */
export const SURROUNDINGS: Surroundings = {
  wallClock,
  now,
  random,
  later: (ms, call) => {
    const timer = setTimeout(call, Math.min(ms, MAX_DELAY_MS)).unref();
    return () => clearTimeout(timer);
  },
};
