import type { AggregateView } from '@afstatsd/core';
import type { Attributes } from '@opentelemetry/api';
import type { Histogram, MetricData } from '@opentelemetry/sdk-metrics';
import type { Recorded } from './recording.js';
import { advance } from './monotonic-counts.js';
import type { SeriesKind } from './naming.js';

/** All series of one kind and raw name. */
export interface Family {
  readonly kind: SeriesKind;
  readonly descriptor: MetricData['descriptor'];
}

/** Upper bounds of a histogram's buckets, as they are passed on and as they are recorded. */
export interface Scale {
  readonly bounds: readonly number[];
  readonly recorded: readonly number[];
  /** What a recorded value is multiplied by. */
  readonly factor: number;
}

/** A total, or for gauges and sets the present value. */
export type Reading = number | HistogramReading;

/** A histogram of all values so far. */
export interface HistogramReading {
  readonly counts: readonly number[];
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
}

/** One series of an output: what it is called, and what was passed on of it. */
export class Series {
  readonly family: Family;
  readonly attributes: Attributes;
  readonly #scale: Scale;
  #now: Reading | undefined;
  #exported: Reading | undefined;
  #began: number;
  #exportedAt: number;

  /** @param began - a time at which it was 0 still, in ms since 1970. */
  constructor(family: Family, attributes: Attributes, scale: Scale, began: number) {
    this.family = family;
    this.attributes = attributes;
    this.#scale = scale;
    this.#began = this.#exportedAt = began;
  }

  /** Whether it only grows: a counter or a histogram. */
  get isTotal(): boolean {
    const { kind } = this.family;
    return kind !== 'gauge' && kind !== 'set';
  }

  /** The reading of a total before its first sample. */
  get zero(): Reading {
    const { kind } = this.family;
    if (kind !== 'timer' && kind !== 'histogram') return 0;
    return { counts: [...this.#scale.bounds, Infinity].map(() => 0), count: 0, sum: 0, min: 0, max: 0 };
  }

  /**
   * Since when its total counts, in ms since 1970; before `end`, to which the clock of the machine may have been set back,
   * because receivers refuse or misread points that end before they begin.
   */
  beganBefore(end: number): number {
    this.#began = Math.min(this.#began, end - 1);
    return this.#began;
  }

  /** The same for a delta: when the last export that succeeded was. */
  exportedBefore(end: number): number {
    this.#exportedAt = Math.min(this.#exportedAt, end - 1);
    return this.#exportedAt;
  }

  /** Reads the metric; what is read is the same until the next time. */
  read({ view, members }: Recorded): Reading {
    this.#now = view.kind === 'set' ? members : view.kind === 'timer' ? this.#histogram(view) : view.value;
    return this.#now;
  }

  /** What has been added since the last export that succeeded; undefined when nothing was. */
  get added(): number | Histogram | undefined {
    const [now, before] = [this.#now, this.#exported];
    if (now === undefined) return undefined;
    if (typeof now === 'number') return now - ((before as number | undefined) ?? 0) || undefined;
    if (before === undefined) return now.count > 0 ? this.total(now) : undefined;
    const { counts, count, sum } = before as HistogramReading;
    if (now.count === count) return undefined;
    return {
      buckets: {
        boundaries: [...this.#scale.bounds],
        counts: now.counts.map((one, at) => one - counts[at]!),
      },
      count: now.count - count,
      sum: now.sum - sum,
    };
  }

  /** A histogram of all values, in the form of OpenTelemetry. */
  total({ counts, count, sum, min, max }: HistogramReading): Histogram {
    return { buckets: { boundaries: [...this.#scale.bounds], counts: [...counts] }, count, sum, min, max };
  }

  /** Notes that what was read last has been passed on. */
  exported(at: number): void {
    this.#exported = this.#now;
    this.#exportedAt = at;
  }

  #histogram(timer: AggregateView & { kind: 'timer' }): HistogramReading {
    const { recorded, factor } = this.#scale;
    const read = timer.distribution(recorded);
    const before = (this.#now as HistogramReading | undefined)?.counts ?? read.counts.map(() => 0);
    const count = Math.round(read.count);
    return {
      counts: advance(before, read.counts, count),
      count,
      sum: finite(read.sum * factor),
      min: finite(read.min * factor),
      max: finite(read.max * factor),
    };
  }
}

/** Sums of the largest numbers run over, and JSON has no way to say so. */
function finite(value: number): number {
  if (Number.isNaN(value)) return 0;
  return Math.min(Number.MAX_VALUE, Math.max(-Number.MAX_VALUE, value));
}
