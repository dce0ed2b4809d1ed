/** How a page shows a series. */
interface State {
  /** A page for scrapers shows it as 0. */
  readonly isHeld: boolean;
  /** It is no part of any page that begins from now on. */
  readonly isGone: boolean;
}

/** A counter or a gauge, as it stands. */
export interface NumberSeries extends State {
  readonly value: number;
}

/** Counts by index of their buckets, in rising order. The bucket `i` ends at 2^(i / 2^scale), which belongs to it. */
export interface Run {
  readonly indexes: Int32Array;
  readonly counts: Float64Array;
  /** How many of the elements count, from the first. */
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
  /** In the unit of the bounds. */
  readonly value: number;
  readonly traceId: string;
  readonly spanId: string;
  /** When it was recorded, in ms since 1970. */
  readonly time: number;
}

/** A histogram, as it stands. */
export interface HistogramSeries extends State {
  /** How many values lie in each bucket, not in those before it; one more than there are bounds. */
  readonly counts: readonly number[];
  readonly count: number;
  readonly sum: number;
  /** Undefined where only the bounds count. */
  readonly exponential: NativeBuckets | undefined;
  /** The latest exemplar of each bucket that has had one, at the bucket's place. Undefined where no bucket has. */
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
