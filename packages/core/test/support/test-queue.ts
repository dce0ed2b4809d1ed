import { randomBytes } from 'node:crypto';
import { type Queue, openQueue, unlinkQueue } from '@afstatsd/mqueue';
import { type Decoded, decode } from '../../src/index.js';
import { until } from './until.js';

export interface Message {
  readonly text: string;
  readonly priority: number;
}

/** A name that no other test, and no collector, uses. */
function uniqueQueueName(): string {
  return `/afstatsd-test-${process.pid}-${randomBytes(4).toString('hex')}`;
}

/** A real queue of a test's own, in the collector's place. */
export class TestQueue {
  readonly name: string;
  readonly #queue: Queue;
  readonly #buffer: Buffer;

  constructor(options: { name?: string; depth?: number; messageBytes?: number } = {}) {
    const { name = uniqueQueueName(), depth = 10, messageBytes = 2112 } = options;
    this.name = name;
    this.#queue = openQueue(name, { access: 'readwrite', create: { depth, messageBytes, mode: 0o600 } });
    this.#buffer = Buffer.alloc(this.#queue.attributes().messageBytes);
  }

  get waiting(): number {
    return this.#queue.attributes().messages;
  }

  /** Puts in a message that stands in the way. */
  block(text = 'x:1|c'): boolean {
    return this.#queue.send(Buffer.from(text), 0);
  }

  fill(): void {
    while (this.block());
  }

  read(): Message | undefined {
    const received = this.#queue.receive(this.#buffer);
    if (received === undefined) return undefined;
    return { text: this.#buffer.toString('utf8', 0, received.bytes), priority: received.priority };
  }

  /** What waits now, StatsD messages only. */
  readAll(): Message[] {
    const messages: Message[] = [];
    for (let message = this.read(); message !== undefined; message = this.read()) {
      if (message.priority === 3) messages.push(message);
    }
    return messages;
  }

  /** Removes the name; who has the queue open keeps it. */
  unlink(): void {
    unlinkQueue(this.name);
  }

  /** Lets go of the queue and its name. */
  remove(): void {
    this.#queue.close();
    try {
      this.unlink();
    } catch (error) {
      if ((error as { code?: string }).code !== 'ENOENT') throw error;
    }
  }
}

/** What messages say together: sums of counters, last values of gauges, counts and values of timers, members of sets. */
export class Totals {
  readonly counters: Map<string, number> = new Map();
  readonly gauges: Map<string, number> = new Map();
  /** Per timer: the number of calls that its values stand for, rounded once, and the values. */
  readonly timers: Map<string, { count: number; values: number[] }> = new Map();
  readonly sets: Map<string, Set<string>> = new Map();

  add(text: string): this {
    const { metrics, bad } = decode(text);
    if (bad.length > 0)
      throw new Error(`not readable: ${JSON.stringify(bad)} in ${JSON.stringify(text.slice(0, 200))}`);
    for (const metric of metrics) this.#addOne(metric);
    return this;
  }

  #addOne(metric: Decoded): void {
    switch (metric.type) {
      case 'counter':
        this.counters.set(metric.name, (this.counters.get(metric.name) ?? 0) + metric.value / metric.rate);
        return;
      case 'gauge':
        this.gauges.set(metric.name, metric.value);
        return;
      case 'timer': {
        const timer = this.timers.get(metric.name) ?? { count: 0, values: [] };
        timer.count += metric.values.length / metric.rate;
        timer.values.push(...metric.values);
        this.timers.set(metric.name, timer);
        return;
      }
      case 'set':
        this.sets.set(metric.name, new Set([...(this.sets.get(metric.name) ?? []), ...metric.members]));
    }
  }
}

/** Reads the queue into the totals until the flush is over and nothing waits. `onRound` is called at every look. */
export async function readUntilFlushed(
  queue: TestQueue,
  totals: Totals,
  flush: Promise<unknown>,
  onRound: (messages: number) => void = () => {},
): Promise<void> {
  const state = { flushed: false };
  void flush.then(() => (state.flushed = true));
  await until(
    'the flush is over',
    () => {
      const messages = queue.readAll();
      for (const { text } of messages) totals.add(text);
      onRound(messages.length);
      return state.flushed && queue.waiting === 0;
    },
    50_000,
  );
}
