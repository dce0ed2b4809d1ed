import type { CounterView, MetricView } from '../metric/view.js';
import type { Batch } from '../wire/format.js';
import {
  type Channel,
  NOTHING,
  type Offer,
  type OpenOptions,
  type Transport,
  type TransportStats,
} from './transport.js';

/** The counts of {@link teeTransports}: those of the first transport, and those of each. */
export interface TeeStats extends TransportStats {
  /** Metrics, or parts of metrics, that the first transport took and the second didn't. */
  readonly missedBySecond: number;
  /** The counts of the first transport. */
  readonly first: TransportStats;
  /** The counts of the second transport. */
  readonly second: TransportStats;
}

/** Two transports as one. */
export interface TeeTransport extends Transport {
  /** Returns the state and counts of both transports. */
  stats(): TeeStats;
}

/**
 * Sends everything to two transports, each in its own format, for instance while moving from one collector to another. The first
 * transport decides what is sent and cleared. The second one gets the same metrics. If it doesn't take a metric at once, the
 * metric is lost for it, and counted in `stats().missedBySecond`.
 *
 * @example
 * ```js
 * const { AFTransport, Statsd, UDPTransport, teeTransports } = require('@afstatsd/core');
 * Statsd.configure({ transport: teeTransports(new AFTransport({ fallback: false }), new UDPTransport({ port: 8125 })) });
 * ```
 */
export function teeTransports(first: Transport, second: Transport): TeeTransport {
  return new Tee(first, second);
}

class Tee implements TeeTransport {
  readonly #first: Transport;
  readonly #second: Transport;
  #missed = 0;
  /** The remainders of counters at the second transport, if it rounds them. */
  readonly #rests = new WeakMap<CounterView, number>();

  constructor(first: Transport, second: Transport) {
    this.#first = first;
    this.#second = second;
  }

  open(options?: OpenOptions): Channel | undefined {
    const first = this.#first.open(options);
    if (first === undefined) return undefined;
    const second = orElse(undefined, () => this.#second.open(options));
    return {
      foldsTags: first.foldsTags === true || second?.foldsTags === true,
      keepsFraction: (counter, batch) => keepsFraction(first, counter, batch),
      leadsToCollector: () => leadsToCollector(first) && orElse(false, () => leadsToCollector(second)),
      repeatsGauges: () => repeatsGauges(first) && orElse(false, () => repeatsGauges(second)),
      readsEvents: () => first.readsEvents?.() === true,
      sendEvent(line) {
        const state = first.sendEvent?.(line) ?? 'unavailable';
        if (state === 'ok' && orElse(false, () => second?.readsEvents?.() === true)) {
          orElse(undefined, () => second?.sendEvent?.(line));
        }
        return state;
      },
      // The longer wait of the two, so that the second transport keeps its pace, too.
      wait: () =>
        Math.max(
          first.wait?.() ?? 0,
          orElse(0, () => second?.wait?.() ?? 0),
        ),
      offer: (batch, from) => this.#offer(first, second, batch, from),
    };
  }

  /** The shorter interval of the two, so that it suits both. */
  interval(): number | undefined {
    const [first, second] = [this.#first.interval?.(), orElse(undefined, () => this.#second.interval?.())];
    return first === undefined || second === undefined ? (first ?? second) : Math.min(first, second);
  }

  close(): void {
    orElse(undefined, () => this.#second.close());
    this.#first.close();
  }

  stats(): TeeStats {
    const first = this.#first.stats();
    const second = orElse(FAILED, () => this.#second.stats());
    return { ...first, missedBySecond: this.#missed, first, second };
  }

  /** A counter for the second transport: the value that left at the first one, plus the remainder of the second one's rounding. */
  #asItLeft(counter: CounterView, first: Channel, second: Channel | undefined, batch: Batch): CounterView {
    const left = keepsFraction(first, counter, batch) ? counter.value : counter.whole;
    const rest = this.#rests.get(counter) ?? 0;
    if (left === counter.whole && rest === 0)
      return left === counter.value ? counter : withValue(counter, left);
    if (second === undefined || orElse(false, () => keepsFraction(second, counter, batch)))
      return withValue(counter, left);
    const view = withValue(counter, left + rest);
    this.#rests.set(counter, view.value - view.whole);
    return view;
  }

  #offer(first: Channel, second: Channel | undefined, batch: Batch, from: number): Offer {
    const offer = first.offer(batch, from);
    const metrics = batch.metrics
      .slice(from, from + offer.taken)
      .map((metric) => (metric.kind === 'counter' ? this.#asItLeft(metric, first, second, batch) : metric));
    const partial = offer.values > 0 ? batch.metrics[from + offer.taken] : undefined;
    if (partial !== undefined) metrics.push(firstPart(partial, offer.values));
    this.#missed += second === undefined ? metrics.length : pass(second, { ...batch, metrics });
    return offer;
  }
}

function keepsFraction(channel: Channel, counter: CounterView, batch: Batch): boolean {
  return channel.keepsFraction?.(counter, batch) === true;
}

function leadsToCollector(channel: Channel | undefined): boolean {
  return channel?.leadsToCollector?.() === true;
}

function repeatsGauges(channel: Channel | undefined): boolean {
  return channel?.repeatsGauges?.() === true;
}

/** Offers metrics until one isn't taken, and skips metrics that can't fit. Returns how many weren't taken. */
function pass(channel: Channel, batch: Batch): number {
  const metrics = [...batch.metrics];
  let missed = 0;
  let at = 0;
  while (at < metrics.length) {
    const { taken, values, state } = orElse(NOTHING.unavailable, () =>
      channel.offer({ ...batch, metrics }, at),
    );
    if (state === 'oversize') {
      missed++;
      at++;
    } else if (
      state === 'ok' &&
      taken >= 0 &&
      values >= 0 &&
      taken + values > 0 &&
      at + taken <= metrics.length
    ) {
      at += taken;
      if (values > 0 && at < metrics.length) metrics[at] = withoutFirst(metrics[at]!, values);
    } else return missed + metrics.length - at;
  }
  return missed;
}

const FAILED: TransportStats = { state: 'unavailable', detail: 'it failed', messages: 0, bytes: 0, full: 0 };

/** The answer of the second transport, or `other` if it throws. So the first transport goes on without it. */
function orElse<T>(other: T, ask: () => T): T {
  try {
    return ask();
  } catch {
    return other;
  }
}

function withValue({ name, tags, ascii, rate }: CounterView, value: number): CounterView {
  const view = { kind: 'counter', name, tags, ascii, value, whole: Math.round(value) } as const;
  return rate === undefined ? view : { ...view, rate };
}

/** A view of the next `values` values of a timer or set. */
function firstPart(metric: MetricView, values: number): MetricView {
  if (metric.kind === 'timer') {
    const { samples, name, tags, ascii, from, as } = metric;
    const length = from + values;
    const part = { ...samples, length, exact: Math.min(samples.exact, length) };
    return { kind: 'timer', name, tags, ascii, from, samples: part, ...(as && { as }) };
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
    ? { kind: 'timer', name, tags, ascii, from, samples: metric.samples, ...(metric.as && { as: metric.as }) }
    : { kind: 'set', name, tags, ascii, from, members: metric.members };
}
