import type { Tag } from '../text/tags.js';

/** The part of a metric that a wire format reads. The metrics themselves are views, so encoding makes no copy. */
export type MetricView = CounterView | GaugeView | TimerView | SetView;

export type Kind = MetricView['kind'];

/** A value of a timer, with the trace in which it was recorded. */
export interface Exemplar {
  /** In ms. The value of a histogram or a distribution has its own unit. */
  readonly value: number;
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
  /** When it was recorded, in ms since 1970. */
  readonly time: number;
}

/** The kinds of DogStatsD that are like timers, except that their values may have any unit. */
export type ValueKind = 'histogram' | 'distribution';

interface NamedView {
  /** The name as it was recorded, without the prefix of the client. */
  readonly name: string;
  /** The metric's own tags, in the order in which they are written. */
  readonly tags: readonly Tag[];
  /** Whether name and tags have one byte a character, so that a length in characters is a length in bytes. */
  readonly ascii: boolean;
}

/** A counter. */
export interface CounterView extends NamedView {
  /** The kind of the metric. */
  readonly kind: 'counter';
  /** The sum so far, with its fraction. */
  readonly value: number;
  /** The sum so far, rounded to an integer. */
  readonly whole: number;
  /** Sample rate of a single call that is sent by itself. */
  readonly rate?: number;
}

/** A gauge. */
export interface GaugeView extends NamedView {
  /** The kind of the metric. */
  readonly kind: 'gauge';
  /** The last value that was set. If only changes are known, their sum. */
  readonly value: number;
  /** When the value was set, in ms since 1970. */
  readonly time: number;
  /**
   * The change of the gauge, if only changes are known. A format with changes of gauges writes this, because the receiver may
   * know the gauge from before. Other formats write `value`.
   */
  readonly change?: number | undefined;
  /** How often the sender repeats an unchanged value, in seconds. 0 or undefined if it doesn't repeat the value. */
  readonly repeatedEvery?: number;
}

/** A timer. */
export interface TimerView extends NamedView {
  /** The kind of the metric. */
  readonly kind: 'timer';
  /** The kind as which it was recorded, if its values aren't durations. They may have any unit. */
  readonly as?: ValueKind | undefined;
  /** Its values. */
  readonly samples: Samples;
  /** How many of the samples have left already. */
  readonly from: number;
  /** The slowest of its values with a stored trace, if the client stores exemplars. */
  readonly exemplar?: Exemplar | undefined;
}

/** A set. */
export interface SetView extends NamedView {
  /** The kind of the metric. */
  readonly kind: 'set';
  /** Distinct members. Numbers are in decimal. */
  readonly members: readonly string[];
  /** How many of the members have left already. */
  readonly from: number;
}

/** A metric that is still aggregated. A timer also has a method that makes a histogram. */
export type AggregateView = (
  | CounterView
  | GaugeView
  | (TimerView & {
      /**
       * Returns a histogram of the recorded values.
       *
       * @param bounds - inclusive upper bounds of the buckets, in ms and in rising order.
       */
      distribution(bounds: readonly number[]): Distribution;
    })
  | SetView
) & {
  /** Samples that haven't been sent. The number only grows until the metric is sent. */
  readonly calls: number;
};

/** A histogram of values in ms. */
export interface Distribution {
  /** How many values lie in each bucket. The last bucket is for values above all bounds. */
  readonly counts: readonly number[];
  /** How many values there are. */
  readonly count: number;
  /** The sum of all values, in ms. */
  readonly sum: number;
  /** The smallest value, in ms. Infinity if there is none. */
  readonly min: number;
  /** The largest value, in ms. -Infinity if there is none. */
  readonly max: number;
}

/** The values of a timer as they go out, in ms. */
export interface Samples {
  /** The values in order of arrival, unless some stand for several calls. Values after `length` don't count. */
  readonly values: Float64Array;
  /** How many of `values` count, from the first. */
  readonly length: number;
  /** How many of the values, from the first, stand for one call each. */
  readonly exact: number;
  /** Sample rate of the other values. Each of them stands for 1 / rate calls. */
  readonly rate: number;
}
