import type { Tag } from '../tags.js';

/** What a wire format reads of a metric. The metrics themselves are such views; encoding one makes no copy. */
export type MetricView = CounterView | GaugeView | TimerView | SetView;

export type Kind = MetricView['kind'];

interface NamedView {
  readonly name: string;
  /** The metric's own tags, in the order in which they are written. */
  readonly tags: readonly Tag[];
  /** Whether name and tags have one byte a character, so that a length in characters is a length in bytes. */
  readonly ascii: boolean;
}

export interface CounterView extends NamedView {
  readonly kind: 'counter';
  /** The sum so far, rounded to an integer. */
  readonly whole: number;
  /** Sample rate of a single call that is sent by itself. */
  readonly rate?: number;
}

export interface GaugeView extends NamedView {
  readonly kind: 'gauge';
  readonly value: number;
  /** When the value was set, in ms since 1970. */
  readonly time: number;
}

export interface TimerView extends NamedView {
  readonly kind: 'timer';
  readonly samples: Samples;
  /** How many of the samples have left already. */
  readonly from: number;
}

export interface SetView extends NamedView {
  readonly kind: 'set';
  readonly members: readonly string[];
  /** How many of the members have left already. */
  readonly from: number;
}

/** A metric that is still aggregated: of a timer a histogram can be had, too. */
export type AggregateView =
  | (CounterView & { readonly value: number })
  | GaugeView
  | (TimerView & { distribution(bounds: readonly number[]): Distribution })
  | SetView;

/** A histogram of values in ms. */
export interface Distribution {
  /** How many values lie in each bucket; one more than there are bounds. */
  readonly counts: readonly number[];
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
}

/** The values of a timer as they go out, in ms. */
export interface Samples {
  readonly values: Float64Array;
  /** How many of `values` count, from the first. */
  readonly length: number;
  /** How many of these, from the first, stand for one call each. */
  readonly exact: number;
  /** Sample rate of the rest: each stands for 1 / rate calls. */
  readonly rate: number;
}
