import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type TestQueue, useQueues } from '@afstatsd/testing';
import { expect } from 'chai';
import { AFTransport, type StatsdClient } from '../../src/index.js';
import { useSurroundedClients } from '../support/surrounded-clients.js';

interface Vectors {
  readonly messages: readonly {
    readonly calls: readonly [method: string, ...args: never[]][];
    readonly message: string;
  }[];
}

const GAUGE_TIME = 1_795_354_531;
const file = path.join(__dirname, '../../../test/data/af-wire.json');
const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vectors;

describe('the AppFirst format on a real queue', () => {
  const makeClient = useSurroundedClients();
  const queues = useQueues();
  const wallClock = (): number => GAUGE_TIME * 1000 + 999;
  let queue: TestQueue;
  beforeEach(() => {
    queue = queues.make();
  });

  for (const { calls, message } of vectors.messages) {
    it(`is, byte for byte, what the original client sent: ${message}`, async () => {
      const { statsd } = makeClient(
        { transport: new AFTransport({ queue: queue.name, fallback: false }) },
        { wallClock },
      );
      for (const [method, ...args] of calls) {
        (statsd[method as keyof StatsdClient] as (...args: never[]) => void)(...args);
      }
      expect(await statsd.flush()).to.deep.equal({ sent: calls.length, pending: 0 });
      expect(queue.read()).to.deep.equal({ text: message, priority: 3 });
      expect(queue.read()).to.equal(undefined);
    });
  }

  it('leaves at each call when not aggregating', () => {
    const { statsd } = makeClient(
      { transport: `mq://${queue.name}?fallback=false`, interval: 0 },
      { wallClock },
    );
    statsd.increment('web.hits');
    statsd.gauge('g.x', 1.25);
    statsd.timing('t.x', 237);
    expect(queue.readAll().map(({ text }) => text)).to.deep.equal([
      'web.hits:1|c',
      `g.x:1.25|g|${GAUGE_TIME}`,
      't.x:237|ms',
    ]);
  });

  it('stays within the size of the queue where that is below 2048 bytes', async () => {
    const small = queues.make({ messageBytes: 100 });
    const transport = new AFTransport({ queue: small.name, fallback: false });
    const { statsd } = makeClient({ transport }, { wallClock });
    for (let i = 0; i < 50; i++) statsd.timing('login', 1000 + i);
    await statsd.flush();
    const texts = small.readAll().map(({ text }) => text);
    expect(texts.every((text) => text.length <= 100 && /^login:\d+(,\d+)*\|ms$/.test(text))).to.equal(true);
    expect(texts.join().match(/\d{4}/g)).to.have.length(50);
  });
});
