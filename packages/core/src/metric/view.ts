import type { Tag } from '../text/tags.js';

/** What a wire format reads of a metric. The metrics themselves are such views; encoding one makes no copy. */
export type MetricView = CounterView | GaugeView | TimerView | SetView;

export type Kind = MetricView['kind'];

/** A value of a timer, with the trace in which it was recorded. */
export interface Exemplar {
  /** In ms; of a histogram or a distribution in its own unit. */
  readonly value: number;
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
  /** When it was recorded, in ms since 1970. */
  readonly time: number;
}

/** The kinds of DogStatsD whose values a timer's are like, but for the unit: they needn't be durations. */
export type ValueKind = 'histogram' | 'distribution';

interface NamedView {
  /** As it was recorded, without the prefix of the client. */
  readonly name: string;
  /** The metric's own tags, in the order in which they are written. */
  readonly tags: readonly Tag[];
  /** Whether name and tags have one byte a character, so that a length in characters is a length in bytes. */
  readonly ascii: boolean;
}

/** A counter. */
export interface CounterView extends NamedView {
  /** What kind of metric it is. */
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
  /** What kind of metric it is. */
  readonly kind: 'gauge';
  /** The last value that was set. Where only changes are known, their sum. */
  readonly value: number;
  /** When the value was set, in ms since 1970. */
  readonly time: number;
  /**
   * The change of the gauge, where only changes are known. A receiver that knew the gauge before has another value than `value`.
   * A format that has changes of gauges writes this, the others write `value`.
   */
  readonly change?: number | undefined;
  /** Seconds after which its sender sends it again while it holds; 0, or none, as long as the sender doesn't. */
  readonly repeatedEvery?: number;
}

/** A timer. */
export interface TimerView extends NamedView {
  /** What kind of metric it is. */
  readonly kind: 'timer';
  /** What it was recorded as, when that is not a duration: its values have any unit. */
  readonly as?: ValueKind | undefined;
  /** Its values. */
  readonly samples: Samples;
  /** How many of the samples have left already. */
  readonly from: number;
  /** The slowest of its values whose trace is stored, where the client looks for exemplars. */
  readonly exemplar?: Exemplar | undefined;
}

/** A set. */
export interface SetView extends NamedView {
  /** What kind of metric it is. */
  readonly kind: 'set';
  /** Distinct members; numbers are in decimal. */
  readonly members: readonly string[];
  /** How many of the members have left already. */
  readonly from: number;
}

/** A metric that is still aggregated: of a timer a histogram can be had, too. */
export type AggregateView = (
  | CounterView
  | GaugeView
  | (TimerView & {
      /**
       * A histogram of what was recorded.
       *
       * @param bounds - upper bounds of the buckets, which belong to them, in ms and in rising order.
       */
      distribution(bounds: readonly number[]): Distribution;
    })
  | SetView
) & {
  /** Samples that haven't been sent. They only grow as long as nothing is. */
  readonly calls: number;
};

/** A histogram of values in ms. */
export interface Distribution {
  /** How many values lie in each bucket; one more than there are bounds. */
  readonly counts: readonly number[];
  /** How many values there are. */
  readonly count: number;
  /** The sum of all, in ms. */
  readonly sum: number;
  /** The smallest, in ms; Infinity if there are none. */
  readonly min: number;
  /** The largest, in ms; -Infinity if there are none. */
  readonly max: number;
}

/** The values of a timer as they go out, in ms. */
export interface Samples {
  /** In order of arrival, unless some stand for several calls. What is behind `length` is left over. */
  readonly values: Float64Array;
  /** How many of `values` count, from the first. */
  readonly length: number;
  /** How many of these, from the first, stand for one call each. */
  readonly exact: number;
  /** Sample rate of the rest: each stands for 1 / rate calls. */
  readonly rate: number;
}
