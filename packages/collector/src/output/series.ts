import type { AggregateView } from '@afstatsd/core';
import type { Attributes } from '@opentelemetry/api';
import type { Histogram } from '@opentelemetry/sdk-metrics';
import type { Recorded } from './recording.js';
import { advance } from './monotonic-counts.js';

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
  readonly attributes: Attributes;
  readonly #scale: Scale;
  #now: Reading | undefined;
  #exported: Reading | undefined;
  #exportedAt: number;

  /** @param began - since when it counts, in ms since 1970. */
  constructor(attributes: Attributes, scale: Scale, began: number) {
    this.attributes = attributes;
    this.#scale = scale;
    this.#exportedAt = began;
  }

  /** When the last export that succeeded was, in ms since 1970. */
  get exportedAt(): number {
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
