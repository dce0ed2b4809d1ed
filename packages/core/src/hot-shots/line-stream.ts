import type { Writable } from 'node:stream';
import type { CounterView } from '../metric/view.js';
import { Messages } from '../transport/messages.js';
import {
  NOTHING,
  type Channel,
  type Offer,
  type OfferState,
  type Transport,
  type TransportStats,
} from '../transport/transport.js';
import { withOrigin } from '../wire/event.js';
import type { Batch, Format } from '../wire/format.js';
import type { OriginFields } from '../wire/origin-fields.js';

/** How lines are written, and how many bytes of them at once. */
export interface LineStreamOptions {
  readonly format: Format;
  readonly origin: () => OriginFields;
  /** Whether the receiver reads events. */
  readonly readsEvents: boolean;
  /** The longest message, in bytes. */
  readonly maxMessageBytes: number;
}

/** Writes lines to a stream, or to a list: each message ends with a line break. */
export abstract class LineStream implements Transport, Channel {
  readonly #messages: Messages;
  readonly #options: LineStreamOptions;

  constructor(options: LineStreamOptions) {
    this.#options = options;
    this.#messages = new Messages(options.format, options.maxMessageBytes);
  }

  /** Writes lines, which have no line break at their end. */
  protected abstract write(lines: string): OfferState;

  protected abstract get state(): Pick<TransportStats, 'state' | 'detail'>;

  abstract open(): Channel | undefined;
  abstract close(): void;

  offer(batch: Batch, from: number): Offer {
    return this.#messages.offer(batch, from, (text) => {
      const state = this.write(text);
      return state === 'oversize' ? 'unavailable' : state;
    });
  }

  keepsFraction(counter: CounterView, batch: Batch): boolean {
    return this.#messages.keepsFraction(counter, batch);
  }

  readsEvents(): boolean {
    return this.#options.readsEvents;
  }

  sendEvent(line: string): OfferState {
    return this.write(withOrigin(line, this.#options.origin()));
  }

  stats(): TransportStats {
    return { ...this.state, ...this.#messages.counts };
  }
}

/** A client that doesn't send: its lines are in a list. */
export class MockLines extends LineStream {
  /** Replaced by an app that empties it. */
  lines: string[] = [];

  open(): Channel {
    return this;
  }

  close(): void {}

  protected get state(): Pick<TransportStats, 'state' | 'detail'> {
    return { state: 'open', detail: 'mocked' };
  }

  protected write(lines: string): OfferState {
    this.lines.push(...lines.split('\n'));
    return 'ok';
  }
}

/** A stream of the app. It is ended with the client. */
export class StreamLines extends LineStream {
  readonly #stream: Writable;
  #problem: string | undefined;

  constructor(stream: Writable, options: LineStreamOptions) {
    super(options);
    this.#stream = stream;
    stream.on('error', (error: Error) => (this.#problem = error.message));
  }

  open(): Channel | undefined {
    return this.#stream.writable ? this : undefined;
  }

  close(): void {
    this.#stream.end();
  }

  override offer(batch: Batch, from: number): Offer {
    return this.#stream.writableNeedDrain ? NOTHING.full : super.offer(batch, from);
  }

  protected get state(): Pick<TransportStats, 'state' | 'detail'> {
    if (this.#stream.writable) return { state: 'open', detail: 'a stream' };
    return {
      state: 'unavailable',
      detail: `the stream has ended${this.#problem === undefined ? '' : `: ${this.#problem}`}`,
    };
  }

  protected write(lines: string): OfferState {
    if (!this.#stream.writable) return 'unavailable';
    if (this.#stream.writableNeedDrain) return 'full';
    this.#stream.write(`${lines}\n`);
    return 'ok';
  }
}
