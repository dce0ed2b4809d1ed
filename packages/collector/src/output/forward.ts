import { type Decoded, StatsdClient } from '@afstatsd/core';
import type { Log } from '../log.js';
import type { Output, OutputStats } from './output.js';

export interface ForwardOptions {
  /** `udp://host:port?format=dogstatsd`, or `unix:///path`. */
  readonly url: string;
  /** In ms. */
  readonly interval: number;
  readonly maxMetrics: number;
  readonly log: Log;
}

/** Passes metrics on to a StatsD server, aggregated, through one of core's transports. What it doesn't take stays, and adds up. */
export class ForwardOutput implements Output {
  readonly #client: StatsdClient;
  readonly #url: string;

  /** @throws TypeError for a URL that can't be used. */
  constructor({ url, interval, maxMetrics, log }: ForwardOptions) {
    this.#url = url;
    const warn = (message: string): void => log.warn(`forward ${url}: ${message}`);
    this.#client = new StatsdClient({
      transport: url,
      interval,
      maxMetrics,
      handleSignals: false,
      prefix: '',
      tags: {},
      enabled: true,
      logger: { warn },
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

  stats(): OutputStats {
    const { recorded, sent, dropped, rejected, transport } = this.#client.stats();
    const errors = transport.refusedDatagrams ?? 0;
    return { name: `forward ${this.#url}`, recorded, sent, dropped: { ...dropped, rejected }, errors };
  }
}
