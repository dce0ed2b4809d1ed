import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type TestQueue, Totals, until, useQueues } from '@afstatsd/testing';
import { expect } from 'chai';
import { AFTransport, type StatsdClient } from '../../src/index.js';
import { readUntilFlushed } from '../support/read-until-flushed.js';
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

  it('has a line of its own for each metric with tags, and the bytes of the original for the others', async () => {
    const transport = new AFTransport({ queue: queue.name, fallback: false });
    const { statsd } = makeClient({ transport }, { wallClock });
    statsd.increment('c1');
    statsd.increment('orders', { tags: { method: 'card', note: 'a::b|c,d\ne' } });
    statsd.updateStats('c2', -4);
    statsd.gauge('level', -5, { tags: { room: 'a' } });
    statsd.timing('wait', 10, { tags: { room: 'a' } });
    statsd.timing('wait', 2.5, { tags: { room: 'a' } });
    statsd.set('users', 'ann', { tags: { room: 'a' } });
    statsd.set('users', 'bob', { tags: { room: 'a' } });
    statsd.set('users', 'cid');
    await statsd.flush();
    expect(queue.readAll().map(({ text }) => text.split('\n'))).to.deep.equal([
      [
        'c1:1|c',
        'orders:1|c|#method:card,note:a::b_c_d_e',
        'c2:-4|c',
        `level:-5|g|T${GAUGE_TIME}|#room:a`,
        'wait:10:2.5|ms|#room:a',
        'users:ann|s|#room:a',
        'users:bob|s|#room:a',
        'users:cid|s',
      ],
    ]);
  });

  for (const [what, transport] of [
    ['tags', (name: string) => new AFTransport({ queue: name, fallback: false, tags: 'fold' })],
    ['?tags=fold', (name: string) => `mq://${name}?fallback=false&tags=fold`],
  ] as const) {
    it(`folds tags into names for receivers that know none: ${what}`, async () => {
      const { statsd } = makeClient({ transport: transport(queue.name) }, { wallClock });
      statsd.increment('orders', { tags: { method: 'card', region: 'eu' } });
      statsd.gauge('level', -5, { tags: { route: '/a/:b' } });
      await statsd.flush();
      expect(queue.readAll().map(({ text }) => text)).to.deep.equal([
        `orders.card.eu:1|c::level.a-_b:-5|g|${GAUGE_TIME}`,
      ]);
    });
  }

  it('clears exactly what has left, tags or not, while the queue is full again and again', async () => {
    const { statsd } = makeClient({ transport: new AFTransport({ queue: queue.name, fallback: false }) }, {});
    const totals = new Totals();
    let recorded = 0;
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 1000; i++) {
        statsd.increment('orders', { tags: { method: `m${i}`, note: ',::\n|'.slice(i % 5) } });
        statsd.increment(`plain.${i % 100}`);
        recorded += 2;
      }
      const { full } = statsd.stats().transport;
      const flushed = statsd.flush({ timeout: 30_000 });
      await until('the queue is full', () => statsd.stats().transport.full > full);
      await readUntilFlushed(queue, totals, flushed);
    }
    expect([...totals.counters.values()].reduce((sum, value) => sum + value, 0)).to.equal(recorded);
    expect(statsd.stats()).to.include({ sent: recorded, pending: 0 });
  });

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
