import type * as Mqueue from '@afstatsd/mqueue';
import type { Queue } from '@afstatsd/mqueue';
import { type Checks, readOptions } from '../check/options.js';
import { integer, oneOf } from '../check/rules.js';
import { isElsewhere } from '../host/node-realm.js';
import { NextTry, RETRY_MS } from '../retry/next-try.js';
import { type AFOptions, TAGS_CHOICES, afFormat } from '../wire/af.js';
import type { CounterView } from '../metric/view.js';
import { boundedInterval } from '../wire/client-interval.js';
import type { Batch } from '../wire/format.js';
import { Messages, type Sent } from './messages.js';
import {
  type Channel,
  type Offer,
  type OfferState,
  type OpenOptions,
  type Transport,
  type TransportStats,
  isTransport,
} from './transport.js';
import { UDPTransport } from './udp.js';

let loaded: typeof Mqueue | undefined;

/** Loads mqueue with the first queue, because a program that only sends over UDP never needs it. */
function mqueue(): typeof Mqueue {
  return (loaded ??= require('@afstatsd/mqueue') as typeof Mqueue);
}

// Loaded now, because a test file of Jest that has ended can't require it later.
if (isElsewhere) mqueue();

/** The collector's queue. */
const AF_QUEUE = '/afcollectorapi';
/** The longest message of the AppFirst format, in bytes. */
const MAX_MESSAGE_BYTES = 2048;
/** The priority by which the collector recognises StatsD messages. */
const PRIORITY = 3;
/** The largest message that Linux lets a queue have, in bytes. */
const LARGEST_MESSAGE_BYTES = 16_777_216;

/** Options of {@link AFTransport}. */
export interface AFTransportOptions extends AFOptions {
  /** The queue's name. Default: `/afcollectorapi`. */
  readonly queue?: string;
  /** The longest message, in bytes. A smaller limit of the queue wins. Default: 2048 bytes, the format's limit. */
  readonly maxMessageBytes?: number;
  /** User ids whose queue is used. A queue of another user is left alone. Default: any user. */
  readonly trustedUids?: readonly number[];
  /**
   * The transport to use while no queue can be opened. `false` keeps everything pending instead. Default: a `UDPTransport` to
   * 127.0.0.1:8125, which chooses its format by the receiver.
   */
  readonly fallback?: Transport | false;
}

const OPTIONS: Checks<AFTransportOptions> = {
  queue: {
    must: `be the name of a queue, such as "${AF_QUEUE}"`,
    accepts: (value) => typeof value === 'string',
    read: (name: string) => {
      const problem = mqueue().queueNameProblem(name);
      if (problem !== undefined) throw new Error(problem.reason);
      return name;
    },
  },
  maxMessageBytes: integer(1, LARGEST_MESSAGE_BYTES),
  tags: oneOf(TAGS_CHOICES),
  trustedUids: {
    must: 'be an array of user ids',
    accepts: (value) => Array.isArray(value) && value.every(Number.isInteger),
  },
  fallback: {
    must: 'be a transport or false',
    accepts: (value) => value === false || isTransport(value),
  },
};

/**
 * Hands messages in the AppFirst format to the collector on this machine, over a POSIX message queue.
 *
 * The queue belongs to the collector, so this transport never creates it. If there is no queue, or it may not be written to, the
 * `fallback` is used, and each flush tries the queue again. If the fallback has no receiver either, everything stays pending. The
 * collector may unlink the queue and make a new one. This is checked before each flush that has samples, and whenever the queue is
 * full. The new queue is then opened.
 *
 * @example
 * ```js
 * const { AFTransport, StatsdClient } = require('@afstatsd/core');
 * const statsd = new StatsdClient({ transport: new AFTransport({ queue: '/my-own-collector', trustedUids: [0] }) });
 * ```
 */
export class AFTransport implements Transport {
  readonly #queue: string;
  readonly #messages: Messages;
  readonly #trustedUids: readonly number[] | undefined;
  #channel: QueueChannel | undefined;
  #problem: string | undefined;
  /** Whether there is no queue, as on a machine without the collector. */
  #absent = false;
  readonly #fallback: Transport | undefined;
  readonly #nextTry = new NextTry();

  /** @throws TypeError that names an option which can't be used. */
  constructor(options: AFTransportOptions = {}) {
    const given = readOptions(options, OPTIONS);
    const { queue = AF_QUEUE, maxMessageBytes = MAX_MESSAGE_BYTES, trustedUids, fallback } = given;
    this.#fallback = fallback === false ? undefined : (fallback ?? new UDPTransport());
    this.#queue = queue;
    this.#messages = new Messages(afFormat(given), maxMessageBytes);
    this.#trustedUids = trustedUids;
  }

  open(options?: OpenOptions): Channel | undefined {
    if (this.#nextTry.isDue) this.#tryQueue();
    if (this.#channel !== undefined) return this.#channel;
    return this.#fallback?.open(options);
  }

  /** The interval that the collector writes as a mark on the queue. While the fallback is in use, the fallback's interval. */
  interval(): number | undefined {
    if (this.#nextTry.isDue) this.#tryQueue();
    if (this.#channel === undefined) return this.#fallback?.interval?.();
    const { mark } = this.#channel.queue;
    return mark === undefined ? undefined : boundedInterval(mark);
  }

  close(): void {
    this.#closeQueue();
    this.#problem = undefined;
    this.#nextTry.now();
    this.#fallback?.close();
  }

  stats(): TransportStats {
    const { messages, bytes, full } = this.#messages.counts;
    const other = this.#fallback?.stats();
    const counts = {
      messages: messages + (other?.messages ?? 0),
      bytes: bytes + (other?.bytes ?? 0),
      full: full + (other?.full ?? 0),
      refusedDatagrams: other?.refusedDatagrams ?? 0,
    };
    if (this.#problem === undefined) {
      return { state: this.#channel ? 'open' : 'closed', detail: `queue ${this.#queue}`, ...counts };
    }
    if (other === undefined) return { state: 'unavailable', detail: this.#problem, ...counts };
    const { state, detail } = other;
    return {
      state,
      degraded: state === 'open' && !this.#absent,
      detail: state === 'open' ? `${detail}; ${this.#problem}` : `${this.#problem}; ${detail}`,
      ...counts,
    };
  }

  #tryQueue(): void {
    try {
      if (this.#channel?.queue.stale === true) this.#closeQueue();
      if (this.#channel !== undefined) return;
      this.#channel = this.#openChannel();
      this.#fallback?.close();
    } catch (error) {
      this.#closeQueue();
      this.#absent = (error as { code?: unknown }).code === 'ENOENT';
      this.#problem = this.#describe(error);
      if (this.#fallback !== undefined) this.#nextTry.in(RETRY_MS.queue);
    }
  }

  #closeQueue(): void {
    const queue = this.#channel?.queue;
    this.#channel = undefined;
    queue?.close();
  }

  #describe(error: unknown): string {
    // Replaces mqueue's message, because it advises to create the queue, and only the collector does that.
    if (this.#absent) {
      return `no queue ${this.#queue} (ENOENT): start the collector on this machine, in this IPC namespace`;
    }
    return error instanceof Error ? error.message : String(error);
  }

  #openChannel(): QueueChannel {
    const queue = mqueue().openQueue(this.#queue, { access: 'write' });
    if (this.#trustedUids !== undefined && !this.#trustedUids.includes(queue.owner)) {
      const { owner } = queue;
      queue.close();
      throw new Error(
        `queue ${this.#queue} belongs to user ${owner}, whom trustedUids (${this.#trustedUids.join(', ')}) doesn't ` +
          'name; it is left alone, since its owner could read what is sent',
      );
    }
    this.#problem = undefined;
    return new QueueChannel(queue, this.#messages, (error) => {
      this.#closeQueue();
      this.#problem = error.message;
    });
  }
}

class QueueChannel implements Channel {
  readonly foldsTags: boolean;
  readonly queue: Queue;
  readonly #messages: Messages;
  readonly #message: Buffer;
  readonly #lost: (error: Error) => void;

  constructor(queue: Queue, messages: Messages, lost: (error: Error) => void) {
    this.queue = queue;
    this.foldsTags = messages.foldsTags;
    this.#messages = messages;
    this.#message = Buffer.allocUnsafeSlow(Math.min(messages.maxBytes, queue.attributes().messageBytes));
    this.#lost = lost;
  }

  keepsFraction(counter: CounterView, batch: Batch): boolean {
    return this.#messages.keepsFraction(counter, batch);
  }

  /** True if the queue has a mark, because no other receiver makes one. */
  leadsToCollector(): boolean {
    return this.queue.mark !== undefined;
  }

  repeatsGauges(): boolean {
    return this.#messages.repeatsGauges && this.leadsToCollector();
  }

  offer(batch: Batch, from: number): Offer {
    return this.#messages.offer(batch, from, this.#send, this.#message.length);
  }

  /** Our collector passes events on. The original collector would read them as bad messages. */
  readsEvents(): boolean {
    return this.leadsToCollector();
  }

  sendEvent(line: string): OfferState {
    const bytes = Buffer.byteLength(line);
    return bytes > this.#message.length ? 'oversize' : this.#send(line, bytes);
  }

  readonly #send = (text: string, bytes: number): Sent => {
    this.#message.write(text, 0, bytes, 'utf8');
    try {
      return this.queue.send(this.#message.subarray(0, bytes), PRIORITY) ? 'ok' : 'full';
    } catch (error) {
      this.#lost(error as Error);
      return 'unavailable';
    }
  };
}
