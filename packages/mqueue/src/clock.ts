import { performance } from 'node:perf_hooks';

/** Milliseconds of a clock that nobody can set. It is taken once, because fake-timer libraries replace it while a program runs. */
export const now: () => number = performance.now.bind(performance);
