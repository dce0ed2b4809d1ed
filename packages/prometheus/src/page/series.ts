/** The state of a series on pages. */
interface State {
  /** Whether a page for scrapers shows the series as 0. */
  readonly isHeld: boolean;
  /** Whether the series is gone, so that no new page has it. */
  readonly isGone: boolean;
}

/** A counter or a gauge with its current value. */
export interface NumberSeries extends State {
  readonly value: number;
}

/**
 * Counts by the index of their bucket, in rising order. The upper bound of bucket `i` is 2^(i / 2^scale), which is part of it.
 */
export interface Run {
  readonly indexes: Int32Array;
  readonly counts: Float64Array;
  /** The number of elements in use, from the first. */
  readonly size: number;
}

/** The buckets of a native histogram. */
export interface NativeBuckets {
  readonly scale: number;
  readonly zeroCount: number;
  readonly positive: Run;
  readonly negative: Run;
}

/** A value of a bucket, with the trace in which it was recorded. */
export interface BucketExemplar {
  /** The value, in the unit of the bounds. */
  readonly value: number;
  readonly traceId: string;
  readonly spanId: string;
  /** The time at which the value was recorded, in ms since 1970. */
  readonly time: number;
}

/** A histogram with its current counts. */
export interface HistogramSeries extends State {
  /** The number of values in each bucket, without those of lower buckets. There is one bucket more than bounds. */
  readonly counts: readonly number[];
  readonly count: number;
  readonly sum: number;
  /** The native buckets. Undefined if the histogram has only those of the bounds. */
  readonly exponential: NativeBuckets | undefined;
  /** The latest exemplar of each bucket, at the bucket's index. Undefined if no bucket has one. */
  readonly exemplars?: readonly (BucketExemplar | undefined)[] | undefined;
}

/** The labels of a series, in the order in which they are written. */
export type Labels = readonly (readonly [name: string, value: string])[];

/** Labels as they are written between braces: `route="/a",status_code="200"`. */
export function labelText(labels: Labels): string {
  return labels.map(([name, value]) => `${name}="${escapeValue(value)}"`).join(',');
}

const ESCAPED = /[\\\n"]/;

function escapeValue(value: string): string {
  if (!ESCAPED.test(value)) return value;
  return value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
}
