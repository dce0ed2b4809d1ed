import { randomBytes } from 'node:crypto';
import { type OpenOptions, type Queue, openQueue, unlinkQueue } from '@afstatsd/mqueue';
import { useCleanup } from './cleanup.js';

export interface Message {
  readonly text: string;
  readonly priority: number;
}

export interface TestQueueOptions {
  /** By default one that no other test, and no collector, uses. */
  readonly name?: string;
  /** In messages; 10 by default, which any user may have. */
  readonly depth?: number;
  /** 2112 by default, as the collector's queue has it. */
  readonly messageBytes?: number;
}

/** A name that no other test, and no collector, uses. */
function newQueueName(): string {
  return `/afstatsd-test-${process.pid}-${randomBytes(6).toString('hex')}`;
}

/** A real queue of a test's own, in the collector's place. */
export class TestQueue {
  readonly name: string;
  readonly #queue: Queue;
  readonly #buffer: Buffer;

  constructor({ name = newQueueName(), depth = 10, messageBytes = 2112 }: TestQueueOptions = {}) {
    this.name = name;
    this.#queue = openQueue(name, { access: 'readwrite', create: { depth, messageBytes, mode: 0o600 } });
    this.#buffer = Buffer.alloc(this.#queue.attributes().messageBytes);
  }

  /** Without the fallback to UDP: what isn't in the queue has not arrived. */
  get url(): string {
    return `mq://${this.name}?fallback=false`;
  }

  /** How many messages wait. */
  get waiting(): number {
    return this.#queue.attributes().messages;
  }

  /** Puts in a message that stands in the way. @returns false if there is no room. */
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

  /** Removes the name; whoever has the queue open keeps it. */
  unlink(): void {
    unlinkQueue(this.name);
  }

  /** Lets go of the queue and its name. */
  remove(): void {
    this.#queue.close();
    unlinkIfPresent(this.name);
  }
}

export interface Queues {
  /** A name that no other test, and no collector, uses. If it becomes a queue's, that is removed after the test. */
  newName(): string;
  /** Opens a queue, and closes it after the test. */
  open(name: string, options: OpenOptions): Queue;
  /** A queue in the collector's place. */
  make(options?: TestQueueOptions): TestQueue;
}

/** To be called in a `describe`: nothing is left of its tests' queues after the test. */
export function useQueues(): Queues {
  const later = useCleanup();
  return {
    newName() {
      const name = newQueueName();
      later(() => unlinkIfPresent(name));
      return name;
    },
    open(name, options) {
      const queue = openQueue(name, options);
      later(() => queue.close());
      return queue;
    },
    make(options) {
      const queue = new TestQueue(options);
      later(() => queue.remove());
      return queue;
    },
  };
}

function unlinkIfPresent(name: string): void {
  try {
    unlinkQueue(name);
  } catch (error) {
    if ((error as { code?: string }).code !== 'ENOENT') throw error;
  }
}
