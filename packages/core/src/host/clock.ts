import { performance } from 'node:perf_hooks';

// Fake-timer libraries and test environments replace the globals, and the methods of the objects, while a program runs.
// So these are taken once.

/** Milliseconds of a clock that nobody can set. */
export const now: () => number = performance.now.bind(performance);

/** How much of its time the event loop was at work. Bun and Deno may lack it, or say nothing by it. */
export const eventLoopUtilization: typeof performance.eventLoopUtilization =
  performance.eventLoopUtilization?.bind(performance);

/** Milliseconds since 1970. */
export const wallClock: () => number = Date.now;

/** A number from 0 up to, but not including, 1. */
export const random: () => number = Math.random;
