import { now, random, wallClock } from './clock.js';
import { makeOutside, weakly } from './node-realm.js';
import { MAX_DELAY_MS, clearTimeout, setTimeout } from './timers.js';

/** Time and chance, as the process gives them. Tests hand in their own. */
export interface Surroundings {
  /** Milliseconds since 1970. */
  readonly wallClock: () => number;
  /** Milliseconds of a clock that nobody can set. */
  readonly now: () => number;
  /** A number from 0 up to, but not including, 1. */
  readonly random: () => number;
  /** See the function of this name below. */
  readonly later: (ms: number, call: () => void) => () => void;
}

/**
 * Calls a function once, later. The process doesn't wait for it. The timer doesn't hold the function, so that it keeps no test file
 * of a test runner in memory: the owner has to hold the function as long as it is to be called.
 *
 * @param ms - after how many ms.
 * @param call - the function.
 * @returns what calls it off.
 */
export function later(ms: number, call: () => void): () => void {
  const timer = makeOutside(() => setTimeout(weakly(call), Math.min(ms, MAX_DELAY_MS))).unref();
  return () => clearTimeout(timer);
}

/** The clocks and timers of Node.js, and its pseudo-random numbers. */
export const SURROUNDINGS: Surroundings = { wallClock, now, random, later };
