import { performance } from 'node:perf_hooks';

// Fake-timer libraries and test environments replace globals and their methods while a program runs, so these are read once.

/** A monotonic clock, in ms. */
export const now: () => number = performance.now.bind(performance);

/** Times of the event loop in ms, and the share of its busy time, from 0 to 1. */
export interface LoopTimes {
  readonly active: number;
  readonly idle: number;
  readonly utilization: number;
}

/**
 * Returns the times of the event loop since its start, or between two earlier results. Bun and Deno give no useful numbers.
 *
 * @param until - Default: now.
 * @param since - Default: the start.
 */
export const eventLoopUtilization: (until?: LoopTimes, since?: LoopTimes) => LoopTimes =
  performance.eventLoopUtilization?.bind(performance);

/** Milliseconds since 1970. */
export const wallClock: () => number = Date.now;

/** A number from 0 up to, but not including, 1. */
export const random: () => number = Math.random;
