import type { CounterView } from '../metric/view.js';
import type { Batch } from '../wire/format.js';

/**
 * What became of one message.
 *
 * - `ok`: it was taken.
 * - `full`: nothing was; there will be room later.
 * - `unavailable`: nothing was, and nobody is there; the next flush tries again.
 * - `oversize`: nothing was, since the metric at `from` doesn't fit a message; it can never be sent this way.
 */
export type OfferState = 'ok' | 'full' | 'unavailable' | 'oversize';

/** What became of the metrics that were offered. */
export interface Offer {
  /** How many metrics, from `from`, have left whole. They are cleared. */
  readonly taken: number;
  /** How many values of the metric after these have left too (a timer or set that takes several messages). */
  readonly values: number;
  /** Whether the message was taken and, if not, why. */
  readonly state: OfferState;
}

/** An open way out. */
export interface Channel {
  /** Encodes metrics of the batch, from the one at `from`, into one message and sends it. Never throws, never blocks. */
  offer(batch: Batch, from: number): Offer;
  /** How long to wait before the next offer, in ms; 0 if there is nothing to wait for. Without it there never is. */
  wait?(): number;
  /** Whether its format writes tags into names, so that different tags may come out as one name. */
  readonly foldsTags?: boolean;
  /**
   * Whether a counter of the batch leaves with its fraction (`value`). If not, it leaves rounded (`whole`), and the rest
   * stays for the next message. Without this method each one leaves rounded.
   */
  keepsFraction?(counter: CounterView, batch: Batch): boolean;
  /** Whether the receiver is known to be the collector of this project. Without this method it isn't. */
  leadsToCollector?(): boolean;
  /**
   * Whether gauges are to be repeated here each minute, with the time at which they were set: the receiver is known to be the
   * collector of this project, and the format has both. Without this method they aren't.
   */
  repeatsGauges?(): boolean;
  /** Whether the receiver reads DogStatsD's events and service checks, as far as is known. Without this method it doesn't. */
  readsEvents?(): boolean;
  /**
   * Sends an event or a service check of DogStatsD, a line as it stands. It counts as no message. Never throws, never blocks.
   *
   * @param line - `_e{…` or `_sc|…`, without an end.
   */
  sendEvent?(line: string): OfferState;
}

/** The longest event that is sent, in bytes of UTF-8: the Datadog Agent reads no longer datagrams, unless it is told to. */
export const MAX_EVENT_BYTES = 8192;

/** The state of a transport, and what it has taken since it was made. */
export interface TransportStats {
  /** `closed` before the first flush; `unavailable` while nobody is there. */
  readonly state: 'closed' | 'open' | 'unavailable';
  /** Where it sends to, or why it can't: one line, for people. It changes when the state does. */
  readonly detail: string;
  /** It is open, but not as it should be: worth a warning. */
  readonly degraded?: boolean;
  /** Messages taken so far. */
  readonly messages: number;
  /** Bytes in them. */
  readonly bytes: number;
  /** Messages that were refused because there was no room. */
  readonly full: number;
  /** Datagrams that are known to have reached nobody; their samples count as sent. Only where datagrams can be lost. */
  readonly refusedDatagrams?: number;
}

/** What a transport is opened for. */
export interface OpenOptions {
  /** The process is about to end: there will be no next turn of the event loop, and no next flush. */
  readonly ending?: boolean;
}

/** Where flushes go: one format, one endpoint. */
export interface Transport {
  /**
   * Opens the way out, or checks the open one. Called before every flush and after every wait; cheap when all is well.
   *
   * @returns undefined while nobody is there; everything stays pending then.
   */
  open(options?: OpenOptions): Channel | undefined;
  /**
   * Time between flushes that suits the receiver, in ms; undefined if nothing is known of it. Without it the client's default
   * holds, 20,000. It counts only where the app hasn't set an interval. Called with the first sample after a flush, and each
   * second while something waits: it may open the way out, or ask the receiver, so that a later call knows more. Never
   * throws, never blocks.
   */
  interval?(): number | undefined;
  /** Releases what it holds. A later `open` opens it anew. */
  close(): void;
  /** Its state, and what it has taken. */
  stats(): TransportStats;
}

/** Whether something has the methods of a transport. */
export function isTransport(value: unknown): value is Transport {
  const methods = value as Partial<Record<keyof Transport, unknown>> | null | undefined;
  return ['open', 'close', 'stats'].every((name) => typeof methods?.[name as keyof Transport] === 'function');
}

/** Nothing left, for one of the reasons. */
export const NOTHING: Readonly<Record<Exclude<OfferState, 'ok'>, Offer>> = {
  full: { taken: 0, values: 0, state: 'full' },
  unavailable: { taken: 0, values: 0, state: 'unavailable' },
  oversize: { taken: 0, values: 0, state: 'oversize' },
};
