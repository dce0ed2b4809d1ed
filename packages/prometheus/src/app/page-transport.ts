import type { Batch, Channel, Decoded, Offer, Transport, TransportStats } from '@afstatsd/core';
import { decodedPart } from './decoded-batch.js';

/** Metrics on their way to a page. */
export interface Taken {
  readonly metrics: readonly Decoded[];
  /** The client's prefix, with its dot. All names begin with it. */
  readonly prefix: string;
}

/** The receiver of a page's metrics. */
export interface Taker {
  /** The name of the receiver, for people. */
  readonly detail: string;
  /** Whether the receiver can be reached. */
  isOpen(): boolean;
  /** Takes metrics. Never throws, never blocks. */
  take(taken: Taken): 'ok' | 'full' | 'unavailable';
}

/**
 * The interval of flushes, in ms. A timer keeps 1,024 values between two flushes, so most histograms are exact at this
 * interval.
 */
const INTERVAL_MS = 1_000;

/** A transport from a client to a page. Metrics are handed over as objects, without a wire format. */
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

  /** Returns true, because the page's totals keep fractions. */
  keepsFraction(): boolean {
    return true;
  }

  /** Returns true, because the page reads zeros of held counters and repeated gauges in the same way as the collector. */
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
