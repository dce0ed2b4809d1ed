import { now, random, wallClock } from './clock.js';

/** Time and chance, as the process gives them. Tests hand in their own. */
export interface Surroundings {
  /** Milliseconds since 1970. */
  readonly wallClock: () => number;
  /** Milliseconds of a clock that nobody can set. */
  readonly now: () => number;
  /** A number from 0 up to, but not including, 1. */
  readonly random: () => number;
}

/** The clocks of Node.js, and its pseudo-random numbers. */
export const SURROUNDINGS: Surroundings = { wallClock, now, random };
