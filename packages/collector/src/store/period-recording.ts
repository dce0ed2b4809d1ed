import { setImmediate as nextTurn } from 'node:timers/promises';
import type { AggregateView, Channel, Decoded, StatsdClient, Transport } from '@afstatsd/core';
import type { ExpiryTimes } from '@afstatsd/prometheus/parts';
import type { Log } from '../log.js';
import { ownClient } from '../record/own-client.js';
import { HeldGauges } from './held-gauges.js';

/** A set counts that many distinct members in a period. */
const MAX_MEMBERS = 16_384;
/** Metrics that are written in one step. Between two steps core looks whether its time is over. */
const STEP = 16;
/** How long the event loop is held, in ms. */
const SLICE_MS = 5;
/** Writing takes as long as it takes, in ms. */
const NO_HURRY_MS = 600_000;

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
  readonly #way = new WayOut();
  readonly #metrics: StatsdClient;
  /** Apart, because they hold more. */
  readonly #sets: StatsdClient;
  readonly #gauges: HeldGauges;

  constructor({ maxMetrics, expire, name, log, now }: PeriodRecordingOptions) {
    const logger = { warn: (message: string): void => log.warn(`${name}: ${message}`) };
    const options = { transport: this.#way, interval: Infinity, maxMetrics, logger };
    this.#metrics = ownClient(options);
    this.#sets = ownClient({ ...options, maxSamples: MAX_MEMBERS });
    this.#gauges = new HeldGauges({ maxMetrics, expire, logger, now });
  }

  ingest(metric: Decoded): void {
    if (metric.type === 'gauge') this.#gauges.ingest(metric);
    else if (metric.type === 'set') this.#sets.ingest(metric);
    else this.#metrics.ingest(metric);
  }

  /** Writes everything, and begins with counters, timers and sets again. Gives the event loop back in between. */
  async take(write: Write): Promise<void> {
    this.#way.write = write;
    await this.#metrics.flush({ timeout: NO_HURRY_MS });
    await this.#sets.flush({ timeout: NO_HURRY_MS });
    this.#way.write = undefined;
    let until = performance.now() + SLICE_MS;
    for (const { gauge, samples } of this.#gauges.take()) {
      write(gauge, samples);
      if (performance.now() < until) continue;
      await nextTurn();
      until = performance.now() + SLICE_MS;
    }
  }

  /** Samples so far, and those that were dropped or refused here. */
  get counts(): { recorded: number; cardinality: number; rejected: number; ended: number } {
    const periods = [this.#metrics.stats(), this.#sets.stats()];
    let [recorded, cardinality, rejected, ended] = [0, 0, 0, 0];
    for (const stats of [...periods, this.#gauges.stats]) {
      recorded += stats.recorded;
      cardinality += stats.dropped.cardinality;
      rejected += stats.rejected;
    }
    // Gauges are kept when they are taken, so to their client they end unsent.
    for (const { dropped } of periods) ended += dropped.ended;
    return { recorded, cardinality, rejected, ended };
  }

  /** The metrics that it holds, of gauges, of sets, or of the rest: each has places of its own. */
  get held(): number {
    const all = [this.#metrics.stats(), this.#sets.stats(), this.#gauges.stats];
    return Math.max(...all.map(({ metrics }) => metrics));
  }

  async close(): Promise<void> {
    await Promise.all([this.#metrics.shutdown({ timeout: 0 }), this.#sets.shutdown({ timeout: 0 })]);
    await this.#gauges.close();
  }
}

/** A transport that is open while a period is taken. */
class WayOut implements Transport, Channel {
  write: Write | undefined;

  open(): Channel | undefined {
    return this.write && this;
  }

  keepsFraction(): boolean {
    return true;
  }

  offer({ metrics }: Parameters<Channel['offer']>[0], from: number): ReturnType<Channel['offer']> {
    const step = metrics.slice(from, from + STEP) as AggregateView[];
    for (const metric of step) this.write?.(metric, metric.calls);
    return { taken: step.length, values: 0, state: 'ok' };
  }

  close(): void {}

  stats(): ReturnType<Transport['stats']> {
    return { state: 'closed', detail: 'kept until the period ends', messages: 0, bytes: 0, full: 0 };
  }
}
