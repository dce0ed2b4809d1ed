import { setImmediate as nextTurn } from 'node:timers/promises';
import type { AggregateView, Decoded } from '@afstatsd/core';
import { Aggregator } from '@afstatsd/core/instrument';
import type { ExpiryTimes } from '@afstatsd/prometheus/parts';
import type { Log } from '../log.js';
import { HeldGauges } from './held-gauges.js';

/** A set counts that many distinct members in a period. */
const MAX_MEMBERS = 16_384;
/** How long the event loop is held, in ms. */
const SLICE_MS = 5;

/** Gets each metric of a period, and the number of samples that it stands for. */
export type Write = (metric: AggregateView, samples: number) => void;

export interface PeriodRecordingOptions {
  /** Of counters, timers and sets together; gauges have as many places of their own. */
  readonly maxMetrics: number;
  readonly expire: ExpiryTimes;
  /** For people: whose warnings these are. */
  readonly name: string;
  readonly log: Log;
  /** In ms, a clock that never goes back. */
  readonly now: () => number;
}

/** What has come in since the last period was taken, and the gauges that hold. */
export class PeriodRecording {
  readonly #metrics: Aggregator;
  /** Apart, because they hold more. */
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

  /** Writes everything, and begins with counters, timers and sets again. Gives the event loop back in between. */
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

  /** Samples so far, and those that were dropped or refused here. */
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

  /** The metrics that it holds, of gauges, of sets, or of the rest: each has places of its own. */
  get held(): number {
    return Math.max(...[this.#metrics, this.#sets, this.#gauges].map(({ counts }) => counts.metrics));
  }

  /** Gives up what came in since the last period was taken. Gauges had gone with that one already. */
  close(): void {
    this.#metrics.abandon();
    this.#sets.abandon();
  }
}
