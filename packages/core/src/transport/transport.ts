import type { CounterView } from '../metric/view.js';
import type { Batch } from '../wire/format.js';

/**
 * The result of offering one message.
 *
 * - `ok`: the message was taken.
 * - `full`: nothing was taken. There will be room later.
 * - `unavailable`: nothing was taken, because nobody is there. The next flush tries again.
 * - `oversize`: nothing was taken, because the metric at `from` doesn't fit into a message. It can never be sent this way.
 */
export type OfferState = 'ok' | 'full' | 'unavailable' | 'oversize';

/** The result of offering metrics. */
export interface Offer {
  /** How many metrics, from `from` on, have left whole. The client clears them. */
  readonly taken: number;
  /** How many values of the next metric have left, too, if it is a timer or set that takes several messages. */
  readonly values: number;
  /** Whether the message was taken. If it wasn't, the reason. */
  readonly state: OfferState;
}

/** An open connection to a receiver, such as a queue or a socket. */
export interface Channel {
  /** Encodes metrics of the batch, from the one at `from`, into one message and sends it. Never throws, never blocks. */
  offer(batch: Batch, from: number): Offer;
  /** How long to wait before the next offer, in ms. 0, or a channel without this method: no wait. */
  wait?(): number;
  /** Whether the format writes tags into names, so that different tags may give the same name. */
  readonly foldsTags?: boolean;
  /**
   * Whether a counter of the batch leaves with its fraction (`value`). Otherwise it leaves rounded (`whole`), and the remainder
   * stays for the next message. Without this method each counter leaves rounded.
   */
  keepsFraction?(counter: CounterView, batch: Batch): boolean;
  /** Whether the receiver is known to be the collector of this project. Without this method it isn't. */
  leadsToCollector?(): boolean;
  /**
   * Whether the client repeats gauges here each minute, with the time at which they were set. The receiver must be the collector
   * of this project, and the format must have times and repeats. Without this method gauges aren't repeated.
   */
  repeatsGauges?(): boolean;
  /** Whether the receiver reads DogStatsD's events and service checks, as far as is known. Without this method it doesn't. */
  readsEvents?(): boolean;
  /**
   * Sends an event or a service check of DogStatsD. The line is sent unchanged, and isn't counted as a message. Never throws,
   * never blocks.
   *
   * @param line - `_e{…` or `_sc|…`, without a line end.
   */
  sendEvent?(line: string): OfferState;
}

/** Limit of an event, in bytes of UTF-8. The Datadog Agent reads no longer datagrams by default. */
export const MAX_EVENT_BYTES = 8192;

/** The state of a transport, and counts since it was made. */
export interface TransportStats {
  /** `closed` before the first flush, and `unavailable` while nobody is there. */
  readonly state: 'closed' | 'open' | 'unavailable';
  /** The address, or the reason why nothing can be sent: one line, for people. It changes with the state. */
  readonly detail: string;
  /** Whether it is open, but in a way that needs a warning, such as over its fallback. */
  readonly degraded?: boolean;
  /** Messages taken so far. */
  readonly messages: number;
  /** Bytes of these messages. */
  readonly bytes: number;
  /** Messages that were refused because there was no room. */
  readonly full: number;
  /** Datagrams that the receiver's host refused. Their samples count as sent. Only for transports that can lose datagrams. */
  readonly refusedDatagrams?: number;
}

/** How a transport is opened. */
export interface OpenOptions {
  /** Whether the process is about to end, so that there is no next turn of the event loop and no next flush. */
  readonly ending?: boolean;
}

/** Sends flushes to one endpoint, in one format. */
export interface Transport {
  /**
   * Opens the channel, or checks the open one. Called before every flush and after every wait, so it is cheap if nothing has
   * changed.
   *
   * @returns undefined while nobody is there. All samples stay pending then.
   */
  open(options?: OpenOptions): Channel | undefined;
  /**
   * Time between flushes that suits the receiver, in ms. Undefined if it isn't known. Without this method the client flushes each
   * 20,000 ms. An interval that the app has set wins. Called at the first sample after a flush, and each second while samples
   * wait. It may open the channel or ask the receiver, so that a later call knows more. Never throws, never blocks.
   */
  interval?(): number | undefined;
  /** Releases sockets and queues. A later `open` opens them again. */
  close(): void;
  /** Returns the state, and counts of messages and bytes. */
  stats(): TransportStats;
}

/** Whether something has the methods of a transport. */
export function isTransport(value: unknown): value is Transport {
  const methods = value as Partial<Record<keyof Transport, unknown>> | null | undefined;
  return ['open', 'close', 'stats'].every((name) => typeof methods?.[name as keyof Transport] === 'function');
}

/** Offers of which nothing left, by reason. */
export const NOTHING: Readonly<Record<Exclude<OfferState, 'ok'>, Offer>> = {
  full: { taken: 0, values: 0, state: 'full' },
  unavailable: { taken: 0, values: 0, state: 'unavailable' },
  oversize: { taken: 0, values: 0, state: 'oversize' },
};
