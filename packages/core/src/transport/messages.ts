import type { CounterView } from '../metric/view.js';
import type { Batch, Format } from '../wire/format.js';
import { pack } from '../wire/pack.js';
import { NOTHING, type Offer } from './transport.js';

/** The result of sending one message: it was taken, there is no room, or nobody is there. */
export type Sent = 'full' | 'ok' | 'unavailable';

/** Packs metrics into messages of one format and size, and counts what was taken. Every transport that sends text has one. */
export class Messages {
  /** The longest message, in bytes. */
  readonly maxBytes: number;
  /** Messages and bytes that were taken, and messages for which there was no room. */
  readonly counts = { messages: 0, bytes: 0, full: 0 };
  #format: Format;

  constructor(format: Format, maxBytes: number) {
    this.#format = format;
    this.maxBytes = maxBytes;
  }

  /** The format of the next message. */
  set format(format: Format) {
    this.#format = format;
  }

  /** Whether the format writes tags into names. */
  get foldsTags(): boolean {
    return this.#format.foldsTags === true;
  }

  /** Whether the format has gauges that are repeated. */
  get repeatsGauges(): boolean {
    return this.#format.repeatsGauges === true;
  }

  /** Whether the format writes a counter with its fraction. */
  keepsFraction(counter: CounterView, batch: Batch): boolean {
    return this.#format.keepsFraction(counter, batch);
  }

  /**
   * Writes metrics from `from` on into one message, sends it, and counts it.
   *
   * @param send - Sends the message. `bytes` is its length in UTF-8.
   * @param maxBytes - The receiver's own limit in bytes, if it is smaller than the transport's.
   */
  offer(
    batch: Batch,
    from: number,
    send: (text: string, bytes: number) => Sent,
    maxBytes: number = this.maxBytes,
  ): Offer {
    const { text, bytes, taken, values } = pack(this.#format, batch, from, Math.min(maxBytes, this.maxBytes));
    if (bytes === 0) return NOTHING.oversize;
    const state = send(text, bytes);
    if (state === 'full') this.counts.full++;
    if (state !== 'ok') return NOTHING[state];
    this.counts.messages++;
    this.counts.bytes += bytes;
    return { taken, values, state };
  }
}
