import type { CounterView, GaugeView, MetricView, SetView, TimerView } from '../metric/view.js';
import type { Tag } from '../text/tags.js';

/** The prefix and tags that a client's options add to every metric when it is written. */
export interface Naming {
  /** With its dot, or empty. */
  readonly prefix: string;
  /** Tags of the client. They come after a metric's own, whose value counts if both have a key. */
  readonly tags: readonly Tag[];
  /** The tags that say where metrics come from: `service`, `instance`, `env` and `version`. They are never folded into names. */
  readonly origin: readonly Tag[];
  /** Whether all of these have one byte a character. */
  readonly ascii: boolean;
}

/** Metrics on their way out, in order. */
export interface Batch {
  /** The metrics, without the client's prefix and tags. */
  readonly metrics: readonly MetricView[];
  /** That prefix and these tags. */
  readonly naming: Naming;
  /** The client ends, so this is the last chance to write. Default false. */
  readonly isLast?: boolean;
  /** The receiver is our collector, and the format has gauges that are repeated. Default false. */
  readonly repeatsGauges?: boolean;
}

/** How a format writes several values of one metric: `head item joiner item … tail`. */
export interface ListSyntax {
  readonly head: string;
  readonly joiner: string;
  readonly tail: string;
}

/** A wire format: how each kind of metric is written. How metrics are fitted into messages is `pack`'s business. */
export interface Format {
  /** The ASCII text between two metrics of a message, or between two parts of one metric. */
  separator(before: MetricView, after: MetricView, naming: Naming): string;
  /** Whether tags are written into names, so that different tags may come out as one name. */
  readonly foldsTags?: boolean;
  /** Whether it can write the time of a gauge, and that a gauge is repeated. It does so for batches that ask for it. */
  readonly repeatsGauges?: boolean;
  /** A counter or gauge. */
  single(metric: CounterView | GaugeView, batch: Batch): string;
  /** Whether a counter is written with its fraction. If not, it is rounded, and the rest stays for the next message. */
  keepsFraction(counter: CounterView, batch: Batch): boolean;
  /** Makes a member of a set fit for this format. Default: members are written as they are. */
  readonly member?: (text: string, set: SetView, naming: Naming) => string;
  /** The syntax of values that all have the same sample rate. */
  list(metric: TimerView | SetView, naming: Naming, rate: number): ListSyntax;
}

/** One message. */
export interface Packed {
  readonly text: string;
  readonly bytes: number;
  /** How many metrics are in it whole, or with all that was left of them. */
  readonly taken: number;
  /** How many values of the metric after these are in it too. */
  readonly values: number;
}
