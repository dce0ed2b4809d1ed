import { performance } from 'node:perf_hooks';

// Fake-timer libraries and test environments replace the globals, and the methods of the objects, while a program runs.
// So these are taken once.

/** Milliseconds of a clock that nobody can set. */
export const now: () => number = performance.now.bind(performance);

/** Times of the event loop in ms, and the share of them in which it was at work. */
export interface LoopTimes {
  readonly active: number;
  readonly idle: number;
  readonly utilization: number;
}

/**
 * The times of the event loop since its start or, of two of them, between them. Bun and Deno say nothing by it.
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
