import type { AggregateView } from '@afstatsd/core';

type TimerView = AggregateView & { kind: 'timer' };

/** The statistics of a timer's values in a period. Durations are in ms. */
export interface TimerStatistics {
  /** The number of values. A sampled value counts with its weight. */
  readonly count: number;
  readonly sum: number;
  readonly lower: number;
  readonly upper: number;
  readonly mean: number;
  readonly median: number;
  /** The standard deviation of all values (the population's, not a sample's). */
  readonly std: number;
  /** One number for each percentile P: the largest of the smallest P per cent of the values. */
  readonly percentiles: readonly number[];
}

/**
 * The statistics of etsy's `statsd`, by its own definitions. Count, sum, lower and upper are exact. The others are computed from
 * the values that core keeps. Up to 1024 values are exact. With more, core keeps means of equal shares, which are within 5 %.
 */
export function timerStatistics(timer: TimerView, percentiles: readonly number[]): TimerStatistics {
  const { count, sum, min, max } = timer.distribution([]);
  const sorted = new SortedValues(timer);
  const mean = sum / count;
  const half = Math.floor(count / 2);
  const isOdd = Math.round(count) % 2 === 1;
  return {
    count,
    sum,
    lower: min,
    upper: max,
    mean,
    median: isOdd ? sorted.at(half + 1) : (sorted.at(half) + sorted.at(half + 1)) / 2,
    std: Math.sqrt(sorted.squaresFrom(mean) / count),
    percentiles: percentiles.map((percent) => sorted.at(Math.max(1, Math.round((percent / 100) * count)))),
  };
}

/** Values in rising order, each with the number of calls that it stands for. */
class SortedValues {
  readonly #values: Float64Array;
  /** The number of calls at or below each value. Undefined if each value stands for one call. */
  readonly #ranks: Float64Array | undefined;

  constructor({ samples }: TimerView) {
    const { values, length, exact, rate } = samples;
    if (exact === length) {
      this.#values = values.slice(0, length).sort();
      return;
    }
    const order = Array.from({ length }, (_, at) => at).sort((a, b) => values[a]! - values[b]!);
    this.#values = Float64Array.from(order, (at) => values[at]!);
    let rank = 0;
    this.#ranks = Float64Array.from(order, (at) => (rank += at < exact ? 1 : 1 / rate));
  }

  /** The value of the call of this rank, from 1. */
  at(rank: number): number {
    const values = this.#values;
    const last = values.length - 1;
    if (this.#ranks === undefined) return values[Math.max(0, Math.min(last, rank - 1))]!;
    // The comparison has some tolerance, because sums of fractions are a little off.
    const found = this.#ranks.findIndex((reached) => reached >= rank - 1e-6);
    return values[found < 0 ? last : found]!;
  }

  /** The sum of the squares of the distances from a value. */
  squaresFrom(mean: number): number {
    let [sum, before] = [0, 0];
    for (const [at, value] of this.#values.entries()) {
      const rank = this.#ranks?.[at] ?? at + 1;
      sum += (rank - before) * (value - mean) ** 2;
      before = rank;
    }
    return sum;
  }
}
