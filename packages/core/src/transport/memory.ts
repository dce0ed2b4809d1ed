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
  /** How many messages are kept; older ones are let go. Default 10,000. */
  readonly maxMessages?: number;
}

const OPTIONS: Checks<MemoryTransportOptions> = {
  maxMessageBytes: integer(1),
  maxMessages: integer(1),
  tags: oneOf(TAGS_CHOICES),
};

/**
 * Keeps what was sent, so that tests can look at it. Every message goes through the format of the queue and back, and has
 * the tags that the app has given, but not `service` and `instance` of the client, which are the same for all.
 *
 * @example
 * ```js
 * const { MemoryTransport, StatsdClient } = require('@afstatsd/core');
 * const memory = new MemoryTransport();
 * const statsd = new StatsdClient({ transport: memory, interval: 0 });
 * statsd.increment('orders');
 * console.log(memory.metrics); // [ { kind: 'counter', name: 'orders', value: 1, rate: 1 } ]
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

  /** @throws TypeError that names the option, for one that can't be used. */
  constructor(options: MemoryTransportOptions = {}) {
    const given = readOptions(options, OPTIONS);
    const { maxMessageBytes = 65_536, maxMessages = 10_000 } = given;
    this.#packed = new Messages(afFormat(given), maxMessageBytes);
    this.foldsTags = this.#packed.foldsTags;
    this.#maxMessages = maxMessages;
  }

  /** What the messages say, in order. */
  get metrics(): Decoded[] {
    return this.messages.flatMap((message) => decode(message).metrics);
  }

  /**
   * What was sent of a metric, in order: everything of this name that has at least these tags. Names and tags may be given as
   * the code under test gives them. With `interval: 0` each call is an entry of its own, else each flush.
   *
   * @param name - With the prefixes of client and child.
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

/** A test asserts what the app has recorded, and the origin is the same for all of it. */
function withoutOrigin(batch: Batch): Batch {
  return { ...batch, naming: { ...batch.naming, origin: [] } };
}

function hasTag(tags: readonly Tag[], [key, value]: Tag): boolean {
  return tags.some((tag) => tag[0] === key && tag[1] === value);
}
