import type { Tags } from '../text/tags.js';

/** A counter that app code holds, so that a call needs no look-up. Methods of held metrics must be called on the object. */
export interface BoundCounter {
  /** Adds `delta`, a finite number of at most 2^53 − 1 in magnitude. Other values are refused and counted. Default: 1. */
  increment(delta?: number): void;
  /** Subtracts `delta`. Default: 1. */
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
  /** Starts a measurement, and returns the function that ends it. */
  start(): EndTimer;
}

/**
 * Ends a measurement, and returns the duration in ms. Only the first call records it.
 *
 * @param tags - Tags that are known only at the end, such as the outcome. They win over the timer's tags. Default: none.
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
