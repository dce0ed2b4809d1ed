import type { Scales } from './record.js';

/** Upper bounds of the buckets for timers, in seconds. They reach from a cache's answer to a slow report. */
const TIMER_BOUNDS: readonly number[] = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
];

/** Upper bounds for DogStatsD's histograms and distributions. Their unit isn't known. */
const VALUE_BOUNDS: readonly number[] = [
  1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 100_000, 1_000_000,
];

/**
 * Checks the bounds that an option gives.
 *
 * @throws TypeError that names the option, when there are none, or they aren't finite and in rising order.
 */
function checkBounds(option: string, bounds: readonly number[]): readonly number[] {
  const rising = bounds.every((bound, at) => Number.isFinite(bound) && (at === 0 || bound > bounds[at - 1]!));
  if (bounds.length > 0 && rising) return [...bounds];
  throw new TypeError(
    `option ${option} must be finite numbers in rising order, at least one; it is [${bounds.join(', ')}]`,
  );
}

/** Seconds in ms, without the error of binary fractions: 1.005 s is 1005 ms. */
function inMilliseconds(seconds: number): number {
  return Number((seconds * 1000).toPrecision(15));
}

/** The options of an output about buckets. */
export interface BoundsOptions {
  /** Upper bounds of the buckets for timers, in seconds. */
  readonly bounds?: readonly number[] | undefined;
  /** Upper bounds for DogStatsD's histograms and distributions, in their own unit. */
  readonly valueBounds?: readonly number[] | undefined;
  /** Whether histograms without given bounds have exponential buckets. Default true. */
  readonly exponential?: boolean | undefined;
}

/**
 * The scales of an output. A scale with given bounds has no exponential buckets.
 *
 * @throws TypeError for bounds that can't be used.
 */
export function scalesOf({ bounds, valueBounds, exponential = true }: BoundsOptions): Scales {
  const seconds = checkBounds('bounds', bounds ?? TIMER_BOUNDS);
  const values = checkBounds('valueBounds', valueBounds ?? VALUE_BOUNDS);
  return {
    timers: {
      bounds: seconds,
      recorded: seconds.map(inMilliseconds),
      factor: 1 / 1000,
      hasExponential: exponential && bounds === undefined,
    },
    values: {
      bounds: values,
      recorded: values,
      factor: 1,
      hasExponential: exponential && valueBounds === undefined,
    },
  };
}
