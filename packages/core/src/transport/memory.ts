import { type Checks, readOptions } from '../check/options.js';
import { integer, oneOf } from '../check/rules.js';
import type { CounterView } from '../metric/view.js';
import { cleanName } from '../text/name.js';
import { type Tag, type Tags, canonicalTags } from '../text/tags.js';
import { type AFOptions, TAGS_CHOICES, afFormat } from '../wire/af.js';
import { decode } from '../wire/decode.js';
import type { Decoded } from '../wire/decoded.js';
import type { Batch } from '../wire/format.js';
import { writtenTag } from '../wire/tag-section.js';
import { Messages } from './messages.js';
import { type Channel, type Offer, type Transport, type TransportStats } from './transport.js';

/** Options of {@link MemoryTransport}. */
export interface MemoryTransportOptions extends AFOptions {
  /** The longest message, in bytes. Default 65,536. */
  readonly maxMessageBytes?: number;
  /** How many messages are kept. Older ones are forgotten. Default: 10,000. */
  readonly maxMessages?: number;
}

const OPTIONS: Checks<MemoryTransportOptions> = {
  maxMessageBytes: integer(1),
  maxMessages: integer(1),
  tags: oneOf(TAGS_CHOICES),
};

/**
 * Keeps sent messages, so that tests can check them. Every message is written in the format of the queue and read back. It has the
 * tags of the app, but not `service`, `instance`, `env` and `version`, because these are the same for all metrics.
 *
 * @example
 * ```js
 * const { MemoryTransport, StatsdClient } = require('@afstatsd/core');
 * const memory = new MemoryTransport();
 * const statsd = new StatsdClient({ transport: memory, interval: 0 });
 * statsd.increment('orders');
 * console.log(memory.metrics); // [ { type: 'counter', name: 'orders', value: 1, rate: 1 } ]
 * statsd.increment('payments', { tags: { method: 'card' } });
 * console.log(memory.find('payments', { method: 'card' }).length); // 1
 * ```
 */
export class MemoryTransport implements Transport, Channel {
  readonly foldsTags: boolean;
  /** The messages as they would be on the queue, oldest first. */
  readonly messages: string[] = [];
  readonly #maxMessages: number;
  #state: TransportStats['state'] = 'closed';
  readonly #packed: Messages;

  /** @throws TypeError that names an option which can't be used. */
  constructor(options: MemoryTransportOptions = {}) {
    const given = readOptions(options, OPTIONS);
    const { maxMessageBytes = 65_536, maxMessages = 10_000 } = given;
    this.#packed = new Messages(afFormat(given), maxMessageBytes);
    this.foldsTags = this.#packed.foldsTags;
    this.#maxMessages = maxMessages;
  }

  /** The metrics of all messages, in order. */
  get metrics(): Decoded[] {
    return this.messages.flatMap((message) => decode(message).metrics);
  }

  /**
   * Finds the sent metrics of a name that have at least these tags, in order. Names and tags may be written as in the code under
   * test. With `interval: 0` each call has an entry of its own, else each flush.
   *
   * @param name - The name with the prefixes of client and child.
   * @param tags - Default: any.
   * @example
   * ```js
   * const { MemoryTransport, StatsdClient } = require('@afstatsd/core');
   * const memory = new MemoryTransport();
   * const statsd = new StatsdClient({ transport: memory, interval: 0 });
   * statsd.increment('orders', { tags: { method: 'card', region: 'eu' } });
   * statsd.increment('orders', { tags: { method: 'cash', region: 'eu' } });
   * console.log(memory.find('orders', { method: 'card' }).length); // 1
   * ```
   */
  find(name: string, tags: Tags = {}): Decoded[] {
    const clean = cleanName(name);
    const wanted = canonicalTags(tags).map(writtenTag);
    return this.metrics.filter(
      (metric) => metric.name === clean && wanted.every((tag) => hasTag(metric.tags ?? [], tag)),
    );
  }

  /** Forgets the messages. */
  clear(): void {
    this.messages.length = 0;
  }

  open(): Channel {
    this.#state = 'open';
    return this;
  }

  keepsFraction(counter: CounterView, batch: Batch): boolean {
    return this.#packed.keepsFraction(counter, withoutOrigin(batch));
  }

  offer(batch: Batch, from: number): Offer {
    return this.#packed.offer(withoutOrigin(batch), from, (text) => {
      this.messages.push(text);
      if (this.messages.length > this.#maxMessages) this.messages.shift();
      return 'ok';
    });
  }

  close(): void {
    this.#state = 'closed';
  }

  stats(): TransportStats {
    return { state: this.#state, detail: 'kept in memory', ...this.#packed.counts };
  }
}

/** The batch without the tags of its origin, because they are the same for all metrics and would clutter a test. */
function withoutOrigin(batch: Batch): Batch {
  return { ...batch, naming: { ...batch.naming, origin: [] } };
}

function hasTag(tags: readonly Tag[], [key, value]: Tag): boolean {
  return tags.some((tag) => tag[0] === key && tag[1] === value);
}
