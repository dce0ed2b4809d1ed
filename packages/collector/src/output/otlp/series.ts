import type { Exemplar } from '@afstatsd/core';
import type { Attributes } from '@opentelemetry/api';
import type { ExponentialHistogram, Histogram, MetricData } from '@opentelemetry/sdk-metrics';
import { type SeriesKind, HistogramRecord, type Recorded, finite } from '@afstatsd/prometheus/parts';
import { type ExponentialReading, exponentialPoint, readExponential } from './exponential-point.js';

/** All series of one kind and raw name. */
export interface Family {
  readonly kind: SeriesKind;
  readonly descriptor: MetricData['descriptor'];
}

/** The total of a counter or histogram, or the current value of a gauge or set. */
export type Reading = number | HistogramReading;

/** A histogram of all values so far. */
export interface HistogramReading {
  readonly counts: readonly number[];
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  readonly exponential?: ExponentialReading;
}

/** A histogram in the form of OpenTelemetry. */
export type Point = Histogram | ExponentialHistogram;

/** One series of the output: its attributes, its current value, and the value of the last successful export. */
export class Series {
  readonly family: Family;
  readonly attributes: Attributes;
  readonly #bounds: readonly number[];
  #now: Reading | undefined;
  #exported: Reading | undefined;
  #began: number;
  #exportedAt: number;
  #exemplars: readonly Exemplar[] = [];
  #exportedExemplars: readonly Exemplar[] = [];

  /**
   * @param bounds - upper bounds of a histogram's buckets.
   * @param began - a time at which the series was still 0, in ms since 1970.
   */
  constructor(family: Family, attributes: Attributes, bounds: readonly number[], began: number) {
    this.family = family;
    this.attributes = attributes;
    this.#bounds = bounds;
    this.#began = this.#exportedAt = began;
  }

  /**
   * The beginning of the total, in ms since 1970. It is always before `end`, even if the machine's clock was set back, because
   * receivers refuse or misread points that end before they begin.
   */
  beganBefore(end: number): number {
    this.#began = Math.min(this.#began, end - 1);
    return this.#began;
  }

  /** The beginning of a delta: the time of the last successful export. It is always before `end`, too. */
  exportedBefore(end: number): number {
    this.#exportedAt = Math.min(this.#exportedAt, end - 1);
    return this.#exportedAt;
  }

  /** Reads the metric. The reading stays the same until the next call. */
  read(record: Recorded): Reading {
    const reading = record instanceof HistogramRecord ? readHistogram(record) : record.value;
    this.#now = reading;
    if (record instanceof HistogramRecord && record.exemplars !== undefined)
      this.#exemplars = record.exemplars.filter((one) => one !== undefined);
    return reading;
  }

  /** The increase since the last successful export. Undefined if there was none. */
  get added(): number | Point | undefined {
    const [now, before] = [this.#now, this.#exported];
    if (now === undefined) return undefined;
    if (typeof now === 'number') return now - ((before as number | undefined) ?? 0) || undefined;
    if (before === undefined) return now.count > 0 ? this.total(now) : undefined;
    const { counts, count, sum, exponential } = before as HistogramReading;
    if (now.count === count) return undefined;
    const added = { count: now.count - count, sum: now.sum - sum };
    if (now.exponential !== undefined) return { ...exponentialPoint(now.exponential, exponential), ...added };
    return {
      buckets: { boundaries: [...this.#bounds], counts: now.counts.map((one, at) => one - counts[at]!) },
      ...added,
    };
  }

  /** The exemplars since the last successful export. */
  get exemplars(): readonly Exemplar[] {
    return this.#exemplars.filter((one) => !this.#exportedExemplars.includes(one));
  }

  /** A histogram of all values. */
  total({ counts, count, sum, min, max, exponential }: HistogramReading): Point {
    if (exponential !== undefined) return { ...exponentialPoint(exponential), count, sum, min, max };
    return { buckets: { boundaries: [...this.#bounds], counts: [...counts] }, count, sum, min, max };
  }

  /** Notes that the last reading was exported. */
  exported(at: number): void {
    this.#exported = this.#now;
    this.#exportedExemplars = this.#exemplars;
    this.#exportedAt = at;
  }
}

function readHistogram({
  scale,
  counts,
  count,
  sum,
  min,
  max,
  exponential,
}: HistogramRecord): HistogramReading {
  return {
    counts: [...counts],
    count,
    sum,
    min: finite(min * scale.factor),
    max: finite(max * scale.factor),
    ...(exponential === undefined ? {} : { exponential: readExponential(exponential) }),
  };
}
