import { type Decoded, StatsdClient, type Transport } from '@afstatsd/core';
import type { Log } from '../log.js';
import type { Output, OutputStats } from './output.js';

export interface ClientOutputOptions {
  readonly name: string;
  readonly transport: Transport | string;
  /** The time between two flushes, in ms. */
  readonly interval: number;
  readonly maxMetrics: number;
  readonly log: Log;
}

/**
 * An output with a client of core, which aggregates and flushes to a transport. Metrics add up while the transport refuses
 * them.
 */
export class ClientOutput implements Output {
  readonly #client: StatsdClient;
  readonly #name: string;
  readonly #interval: number;
  readonly #maxMetrics: number;

  /** @throws TypeError for a transport that can't be used. */
  constructor({ name, transport, interval, maxMetrics, log }: ClientOutputOptions) {
    this.#name = name;
    this.#interval = interval;
    this.#maxMetrics = maxMetrics;
    const logger = { warn: (message: string): void => log.warn(`${name}: ${message}`) };
    // Every option with a variable `AFSTATSD_…` is given here, because these variables are for apps.
    this.#client = new StatsdClient({
      transport,
      interval,
      maxMetrics,
      logger,
      handleSignals: false,
      enabled: true,
      prefix: '',
      tags: {},
      service: false,
      instance: false,
      runtimeMetrics: false,
    });
  }

  start(): Promise<void> {
    return Promise.resolve();
  }

  ingest(metric: Decoded): void {
    this.#client.ingest(metric);
  }

  async flush(timeout: number): Promise<void> {
    await this.#client.flush({ timeout });
  }

  async close(timeout: number): Promise<void> {
    await this.#client.shutdown({ timeout });
  }

  wants(): number {
    return this.#interval;
  }

  stats(): OutputStats {
    const { recorded, sent, dropped, rejected, transport, metrics: held } = this.#client.stats();
    const errors = transport.refusedDatagrams ?? 0;
    const maxMetrics = this.#maxMetrics;
    return { name: this.#name, held, maxMetrics, recorded, sent, dropped: { ...dropped, rejected }, errors };
  }
}
