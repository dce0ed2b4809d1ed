import { setImmediate as nextTurn } from 'node:timers/promises';
import type { AggregateView, Decoded } from '@afstatsd/core';
import { Aggregator } from '@afstatsd/core/instrument';
import type { ExpiryTimes } from '@afstatsd/prometheus/parts';
import type { Log } from '../log.js';
import { HeldGauges } from './held-gauges.js';

/** The most distinct members of a set that are counted in a period. */
const MAX_MEMBERS = 16_384;
/** The longest time that the event loop is held, in ms. */
const SLICE_MS = 5;

/** Gets each metric of a period, and the number of samples that it stands for. */
export type Write = (metric: AggregateView, samples: number) => void;

export interface PeriodRecordingOptions {
  /** The most counters and timers together. Sets and gauges have as many places each. */
  readonly maxMetrics: number;
  readonly expire: ExpiryTimes;
  /** The name of the output, for its warnings. */
  readonly name: string;
  readonly log: Log;
  /** A clock in ms that never goes back. */
  readonly now: () => number;
}

/** The metrics since the last period was taken, and all gauges that haven't expired. */
export class PeriodRecording {
  readonly #metrics: Aggregator;
  /** Sets are apart, because they hold more memory. */
  readonly #sets: Aggregator;
  readonly #gauges: HeldGauges;

  constructor({ maxMetrics, expire, name, log, now }: PeriodRecordingOptions) {
    const logger = { warn: (message: string): void => log.warn(`${name}: ${message}`) };
    this.#metrics = new Aggregator({ maxMetrics, logger });
    this.#sets = new Aggregator({ maxMetrics, maxSamples: MAX_MEMBERS, logger });
    this.#gauges = new HeldGauges({ maxMetrics, expire, logger, now });
  }

  ingest(metric: Decoded): void {
    if (metric.type === 'gauge') this.#gauges.ingest(metric);
    else if (metric.type === 'set') this.#sets.ingest(metric);
    else this.#metrics.ingest(metric);
  }

  /** Writes all metrics, and resets counters, timers and sets. Gives the event loop back in between. */
  async take(write: Write): Promise<void> {
    let until = performance.now() + SLICE_MS;
    for (const part of [this.#metrics, this.#sets, this.#gauges]) {
      const steps = part.take(write);
      while (steps.next().done !== true) {
        if (performance.now() < until) continue;
        await nextTurn();
        until = performance.now() + SLICE_MS;
      }
    }
  }

  /** The number of samples so far, and of those that were dropped or refused here. */
  get counts(): { recorded: number; cardinality: number; rejected: number; ended: number } {
    let [recorded, cardinality, rejected, ended] = [0, 0, 0, 0];
    for (const { counts } of [this.#metrics, this.#sets, this.#gauges]) {
      recorded += counts.recorded;
      cardinality += counts.dropped.cardinality;
      rejected += counts.rejected;
      ended += counts.dropped.ended;
    }
    return { recorded, cardinality, rejected, ended };
  }

  /** The number of metrics of the fullest group. Gauges, sets and the rest are groups with places of their own. */
  get held(): number {
    return Math.max(...[this.#metrics, this.#sets, this.#gauges].map(({ counts }) => counts.metrics));
  }

  /** Gives up the samples since the last period was taken. Gauges aren't counted, because that period had them. */
  close(): void {
    this.#metrics.abandon();
    this.#sets.abandon();
  }
}
