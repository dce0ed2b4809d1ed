import { type Decoded, AFTransport, StatsdClient, decode } from '@afstatsd/core';
import { type Queue, openQueue, unlinkQueue } from '@afstatsd/mqueue';
import { expect } from 'chai';

let made = 0;
const open = new Set<QueueAndClient>();

/** Linux alone has the queues. */
export function skipWithoutQueues(suite: Mocha.Context): void {
  if (process.platform === 'linux') return;
  console.log(`      needs POSIX message queues, which ${process.platform} doesn't have: run it on Linux`);
  suite.skip();
}

/** A real queue in the collector's place, with a name of its own, and a client that sends to it. */
export class QueueAndClient {
  readonly statsd: StatsdClient;
  readonly #warnings: string[] = [];
  readonly #queue: Queue;

  constructor() {
    const name = `/afstatsd-nest-${process.pid}-${++made}`;
    this.#queue = openQueue(name, {
      access: 'readwrite',
      create: { depth: 10, messageBytes: 2112, mode: 0o600 },
    });
    this.statsd = new StatsdClient({
      transport: new AFTransport({ queue: name, fallback: false }),
      interval: 3_600_000,
      handleSignals: false,
      logger: { warn: (line: string) => void this.#warnings.push(line) },
    });
    open.add(this);
  }

  /** By type and name: the sum of a counter, the value of a gauge, how many values a timer has. */
  async received(): Promise<Record<string, number>> {
    const { pending } = await this.statsd.flush({ timeout: 15_000 });
    expect({ pending, rejected: this.statsd.stats().rejected, warnings: this.#warnings }).to.deep.equal({
      pending: 0,
      rejected: 0,
      warnings: [],
    });
    const counts: Record<string, number> = {};
    for (const metric of this.#receiveAll()) {
      const key = `${metric.type} ${metric.name}`;
      expect(counts).not.to.have.property(key);
      counts[key] = countOf(metric);
    }
    return counts;
  }

  async remove(): Promise<void> {
    open.delete(this);
    this.#queue.close();
    unlinkQueue(this.#queue.name);
    await this.statsd.shutdown({ timeout: 0 });
  }

  *#receiveAll(): Generator<Decoded> {
    const into = Buffer.alloc(this.#queue.attributes().messageBytes);
    for (
      let message = this.#queue.receive(into);
      message !== undefined;
      message = this.#queue.receive(into)
    ) {
      const { metrics, bad } = decode(into.subarray(0, message.bytes));
      expect(bad).to.deep.equal([]);
      yield* metrics;
    }
  }
}

/** After each test, since a user may have a few dozen at once only. */
export async function removeQueues(): Promise<void> {
  await Promise.all([...open].map((queue) => queue.remove()));
}

function countOf(metric: Decoded): number {
  if (metric.type === 'set') throw new Error(`no decorator records sets, but ${metric.name} is one`);
  return metric.type === 'timer' ? metric.values.length : metric.value;
}
