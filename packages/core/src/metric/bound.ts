import type { Tags } from '../text/tags.js';

/** A counter that app code holds: no look-up at the call. Its methods, as those of the others here, must be called on it. */
export interface BoundCounter {
  /** Adds 1, or `delta`: a finite number of at most 2^53 − 1 in magnitude. Anything else is refused and counted. */
  increment(delta?: number): void;
  /** Subtracts 1, or `delta`. */
  decrement(delta?: number): void;
}

/** A gauge that app code holds. */
export interface BoundGauge {
  /** Sets the value, a finite number. Anything else is refused and counted. */
  set(value: number): void;
}

/** A timer that app code holds. */
export interface BoundTimer {
  /** Records a duration in ms, a finite number. Anything else is refused and counted. */
  record(ms: number): void;
  /** Starts a measurement, which the function that it returns ends. */
  start(): EndTimer;
}

/**
 * Ends a measurement, records it (once, however often it is called), and returns the duration in ms.
 *
 * @param tags - Tags that are known only now, such as the outcome. They win over those of the timer. Default: none.
 * @example
 * ```js
 * const { Statsd } = require('@afstatsd/core');
 * const end = Statsd.createTimer('payment', { tags: { provider: 'acme' } }).start();
 * const ms = end({ outcome: 'declined' });
 * ```
 */
export type EndTimer = (tags?: Tags) => number;

/** A set that app code holds. */
export interface BoundSet {
  /** Adds a member: a finite number, or a string of 1 to 512 bytes. Anything else is refused and counted. */
  add(member: string | number): void;
}
