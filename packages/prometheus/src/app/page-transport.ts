import type { Batch, Channel, Decoded, Offer, Transport, TransportStats } from '@afstatsd/core';
import { decodedPart } from './decoded-batch.js';

/** Metrics on their way to a page. */
export interface Taken {
  readonly metrics: readonly Decoded[];
  /** The client's, with its dot: all names begin with it. */
  readonly prefix: string;
}

/** Where a page's metrics go. */
export interface Taker {
  /** Where that is, for people. */
  readonly detail: string;
  /** Whether anybody is there. */
  isOpen(): boolean;
  /** Takes metrics. Never throws, never blocks. */
  take(taken: Taken): 'ok' | 'full' | 'unavailable';
}

/** A timer keeps 1,024 values between two flushes, so at this interval, in ms, most histograms are exact. */
const INTERVAL_MS = 1_000;

/** A client's way to a page: metrics go to it as they are, in no wire format. */
export class PageTransport implements Transport, Channel {
  readonly #taker: Taker;
  #state: TransportStats['state'] = 'closed';
  #messages = 0;
  #full = 0;

  constructor(taker: Taker) {
    this.#taker = taker;
  }

  open(): Channel | undefined {
    this.#state = this.#taker.isOpen() ? 'open' : 'unavailable';
    return this.#state === 'open' ? this : undefined;
  }

  /** The totals keep fractions. */
  keepsFraction(): boolean {
    return true;
  }

  /** The page knows zeros of counters that the app holds, and gauges that are repeated, as the collector does. */
  leadsToCollector(): boolean {
    return true;
  }

  repeatsGauges(): boolean {
    return true;
  }

  offer(batch: Batch, from: number): Offer {
    const { metrics, taken } = decodedPart({ ...batch, repeatsGauges: true }, from);
    const state = this.#taker.take({ metrics, prefix: batch.naming.prefix });
    if (state === 'ok') {
      this.#messages++;
      return { taken, values: 0, state };
    }
    if (state === 'full') this.#full++;
    return { taken: 0, values: 0, state };
  }

  interval(): number {
    return INTERVAL_MS;
  }

  close(): void {
    this.#state = 'closed';
  }

  stats(): TransportStats {
    const { detail } = this.#taker;
    return { state: this.#state, detail, messages: this.#messages, bytes: 0, full: this.#full };
  }
}
