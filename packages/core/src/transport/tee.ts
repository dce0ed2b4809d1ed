import type { MetricView } from '../metric/view.js';
import type { Batch } from '../wire/format.js';
import type { Channel, Offer, OpenOptions, Transport, TransportStats } from './transport.js';

export interface TeeStats extends TransportStats {
  /** Metrics, or parts of them, that the first transport took and the second did not. */
  readonly missedBySecond: number;
  readonly first: TransportStats;
  readonly second: TransportStats;
}

/**
 * Sends everything to two transports, each in its own format, for instance while moving from one collector to another. The
 * first one decides what is sent and cleared. The second one gets the same, as far as it takes it at once; what it doesn't
 * is gone for it, and counted in `stats().missedBySecond`.
 *
 * @example
 * ```js
 * const { AFTransport, Statsd, UDPTransport, teeTransports } = require('@afstatsd/core');
 * Statsd.configure({ transport: teeTransports(new AFTransport(), new UDPTransport({ port: 8125 })) });
 * ```
 */
export function teeTransports(first: Transport, second: Transport): Transport & { stats(): TeeStats } {
  return new TeeTransport(first, second);
}

class TeeTransport implements Transport {
  readonly #first: Transport;
  readonly #second: Transport;
  #missed = 0;

  constructor(first: Transport, second: Transport) {
    this.#first = first;
    this.#second = second;
  }

  open(options?: OpenOptions): Channel | undefined {
    const first = this.#first.open(options);
    if (first === undefined) return undefined;
    const second = this.#second.open(options);
    return {
      // Both are waited for, so that the second one keeps its pace, too.
      wait: () => Math.max(first.wait?.() ?? 0, second?.wait?.() ?? 0),
      offer: (batch, from) => this.#offer(first, second, batch, from),
    };
  }

  close(): void {
    this.#first.close();
    this.#second.close();
  }

  stats(): TeeStats {
    const [first, second] = [this.#first.stats(), this.#second.stats()];
    return { ...first, missedBySecond: this.#missed, first, second };
  }

  #offer(first: Channel, second: Channel | undefined, batch: Batch, from: number): Offer {
    const offer = first.offer(batch, from);
    const metrics: MetricView[] = batch.metrics.slice(from, from + offer.taken);
    const partial = offer.values > 0 ? batch.metrics[from + offer.taken] : undefined;
    if (partial !== undefined) metrics.push(firstPart(partial, offer.values));
    this.#missed += metrics.length - pass(second, { ...batch, metrics });
    return offer;
  }
}

/** Offers metrics until all are taken, or one isn't; returns how many were. */
function pass(channel: Channel | undefined, batch: Batch): number {
  if (channel === undefined) return 0;
  const metrics = [...batch.metrics];
  let at = 0;
  while (at < metrics.length) {
    const { taken, values, state } = channel.offer({ ...batch, metrics }, at);
    at += taken;
    if (values > 0) metrics[at] = withoutFirst(metrics[at]!, values);
    if (state !== 'ok') return at;
  }
  return at;
}

/** A view of the next so many values of a timer or set. */
function firstPart(metric: MetricView, values: number): MetricView {
  if (metric.kind === 'timer') {
    const { samples, name, tags, ascii, from } = metric;
    return { kind: 'timer', name, tags, ascii, from, samples: { ...samples, length: from + values } };
  }
  if (metric.kind === 'set') {
    const { members, name, tags, ascii, from } = metric;
    return { kind: 'set', name, tags, ascii, from, members: members.slice(0, from + values) };
  }
  return metric;
}

function withoutFirst(metric: MetricView, values: number): MetricView {
  if (metric.kind !== 'timer' && metric.kind !== 'set') return metric;
  const from = metric.from + values;
  const { name, tags, ascii } = metric;
  return metric.kind === 'timer'
    ? { kind: 'timer', name, tags, ascii, from, samples: metric.samples }
    : { kind: 'set', name, tags, ascii, from, members: metric.members };
}
