import { now, random, wallClock } from './clock.js';
import { makeOutside, weakly } from './node-realm.js';
import { MAX_DELAY_MS, clearTimeout, setTimeout } from './timers.js';

/** The clocks, timers and random numbers of the process. Tests pass their own. */
export interface Surroundings {
  /** Milliseconds since 1970. */
  readonly wallClock: () => number;
  /** A monotonic clock, in ms. */
  readonly now: () => number;
  /** A number from 0 up to, but not including, 1. */
  readonly random: () => number;
  /** Calls a function later, as the function `later` does. */
  readonly later: (ms: number, call: () => void) => () => void;
}

/**
 * Calls a function once, later. The process doesn't wait for it. The timer holds the function weakly, because it would keep a
 * test file of a test runner in memory. So the caller must hold the function until then.
 *
 * @param ms - the delay, in ms.
 * @param call - the function.
 * @returns a function that cancels the call.
 */
export function later(ms: number, call: () => void): () => void {
  const timer = makeOutside(() => setTimeout(weakly(call), Math.min(ms, MAX_DELAY_MS))).unref();
  return () => clearTimeout(timer);
}

/** The clocks and timers of Node.js, and its pseudo-random numbers. */
export const SURROUNDINGS: Surroundings = { wallClock, now, random, later };
