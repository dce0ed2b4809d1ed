import type { Batch, Channel, CounterView, Offer, Transport, TransportStats } from '../../src/index.js';
import type { Format } from '../../src/wire/format.js';
import { pack } from '../../src/wire/pack.js';

type Answer = 'ok' | 'full' | 'unavailable' | 'closed' | 'throws';

/** Keeps the messages of any format; refuses, while the test says so, as no real receiver can be made to. */
export class FormatTransport implements Transport, Channel {
  readonly messages: string[] = [];
  /** What it answers to the next offers; after that it takes everything. */
  answers: Answer[] = [];
  /** What it answers when `answers` has nothing to say. */
  otherwise: Answer = 'ok';
  offers = 0;
  readonly #format: Format;
  readonly #limit: number;

  constructor(format: Format, limit = 65_507) {
    this.#format = format;
    this.#limit = limit;
  }

  open(): Channel | undefined {
    if ((this.answers[0] ?? this.otherwise) !== 'closed') return this;
    this.answers.shift();
    return undefined;
  }

  keepsFraction(counter: CounterView, batch: Batch): boolean {
    return this.#format.keepsFraction(counter, batch);
  }

  offer(batch: Batch, from: number): Offer {
    this.offers++;
    const answer = this.answers.shift() ?? this.otherwise;
    if (answer === 'throws') throw new Error('on purpose');
    if (answer !== 'ok') return { taken: 0, values: 0, state: answer === 'full' ? 'full' : 'unavailable' };
    const { text, bytes, taken, values } = pack(this.#format, batch, from, this.#limit);
    if (bytes === 0) return { taken: 0, values: 0, state: 'oversize' };
    this.messages.push(text);
    return { taken, values, state: 'ok' };
  }

  close(): void {}

  stats(): TransportStats {
    return { state: 'open', detail: 'kept by the test', messages: this.messages.length, bytes: 0, full: 0 };
  }
}
