import { transportFromUrl } from '@afstatsd/core';
import { shownUrl } from '../../config/store-url.js';
import type { Log } from '../../log.js';
import { ClientOutput } from '../client-output.js';
import { EventRelay } from './event-relay.js';
import type { OutputStats } from '../output.js';

export interface ForwardOptions {
  /** `udp://host:port?format=dogstatsd`, or `unix:///path`. */
  readonly url: string;
  /** The time between two flushes, in ms. */
  readonly interval: number;
  readonly maxMetrics: number;
  readonly log: Log;
}

/**
 * Passes aggregated metrics on to a StatsD server, through one of core's transports. A server with DogStatsD gets events and
 * service checks, too, unchanged.
 */
export class ForwardOutput extends ClientOutput {
  readonly #events: EventRelay | undefined;

  /** @throws TypeError for a URL that can't be used. */
  constructor({ url, ...options }: ForwardOptions) {
    const name = `forward ${shownUrl(url)}`;
    super({ name, transport: url, ...options });
    if (maySpeakDogstatsd(url))
      this.#events = new EventRelay({ name, transport: transportFromUrl(url), log: options.log });
  }

  ingestEvent(line: string): void {
    this.#events?.add(line);
  }

  override async close(timeout: number): Promise<void> {
    await Promise.all([super.close(timeout), this.#events?.close(timeout)]);
  }

  override stats(): OutputStats {
    const stats = super.stats();
    return this.#events === undefined ? stats : { ...stats, events: this.#events.counts };
  }
}

/** Whether the server may get DogStatsD. Without a format, a UNIX socket does, and a UDP port if our collector answers there. */
function maySpeakDogstatsd(url: string): boolean {
  return (new URL(url).searchParams.get('format') ?? 'dogstatsd') === 'dogstatsd';
}
