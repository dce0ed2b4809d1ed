import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { Totals, freePort, until, useClients, useQueues, useReceivers } from '@afstatsd/testing';
import { expect } from 'chai';
import {
  AFTransport,
  MemoryTransport,
  type StatsdClient,
  UDPTransport,
  UDSTransport,
  decode,
  teeTransports,
} from '../../src/index.js';
import { afFormat } from '../../src/wire/af.js';
import { dogstatsdFormat } from '../../src/wire/dogstatsd.js';
import { etsyFormat } from '../../src/wire/etsy.js';
import { FormatTransport } from '../support/format-transport.js';
import { SecondTransport, type Trouble } from '../support/second-transport.js';
import { parseDogstatsd } from '../support/strict-parsers.js';

function recordAll(statsd: StatsdClient): void {
  for (let i = 0; i < 50; i++) statsd.updateStats(`c${i}`, i + 1);
  statsd.gauge('g', 1.5);
  for (let ms = 0; ms < 200; ms++) statsd.timing('t', ms);
  for (let member = 0; member < 100; member++) statsd.set('s', member);
}

function expectAll({ counters, gauges, timers, sets }: Totals): void {
  expect([...counters]).to.deep.equal(Array.from({ length: 50 }, (_, i) => [`c${i}`, i + 1]));
  expect(gauges.get('g')).to.equal(1.5);
  expect(timers.get('t')?.values).to.deep.equal(Array.from({ length: 200 }, (_, ms) => ms));
  expect(sets.get('s')?.size).to.equal(100);
}

describe('teeTransports', () => {
  const makeClient = useClients();
  const queues = useQueues();
  const receivers = useReceivers();

  it('carries the fractions of counters for each of the two by itself', async () => {
    const formats = { dogstatsd: dogstatsdFormat, queue: afFormat } as const;
    for (const [a, b] of [
      ['dogstatsd', 'queue'],
      ['queue', 'dogstatsd'],
      ['queue', 'queue'],
      ['dogstatsd', 'dogstatsd'],
    ] as const) {
      const [first, second] = [new FormatTransport(formats[a]()), new FormatTransport(formats[b]())];
      const { statsd } = makeClient({ transport: teeTransports(first, second) });
      for (let i = 0; i < 100; i++) {
        statsd.updateStats('cost', 0.37);
        statsd.increment('whole');
        await statsd.flush();
      }
      for (const [format, { messages }] of [
        [a, first],
        [b, second],
      ] as const) {
        const { counters } = Totals.of(messages);
        const precision = format === 'queue' ? 0.5 : a === 'queue' ? 0.5 : 1e-9;
        expect(counters.get('cost'), `${a}, ${b}`).to.be.closeTo(37, precision);
        expect(counters.get('whole')).to.equal(100);
        if (format === 'queue') expect(messages.join()).not.to.match(/:\d*\.\d/);
      }
    }
  });

  it('sends everything to both, to each in its own format', async () => {
    const first = new FormatTransport(dogstatsdFormat());
    const second = new FormatTransport(etsyFormat());
    const { statsd } = makeClient({
      transport: teeTransports(first, second),
      prefix: 'shop',
      tags: { env: 'prod' },
    });
    const options = { tags: { a: 'b/c' } };
    statsd.increment('c', options);
    statsd.gauge('g', -2, options);
    statsd.timing('t', 1, options);
    statsd.timing('t', 2, options);
    await statsd.flush();
    const tags = '|#a:b/c,env:prod';
    expect(first.messages).to.deep.equal([
      `shop.c:1|c${tags}\nshop.g:0|g${tags}\nshop.g:-2|g${tags}\nshop.t:1:2|ms${tags}`,
    ]);
    const name = (name: string): string => `shop.${name}.b-c.prod`;
    expect(second.messages).to.deep.equal([
      [
        `${name('c')}:1|c`,
        `${name('g')}:0|g`,
        `${name('g')}:-2|g`,
        `${name('t')}:1|ms`,
        `${name('t')}:2|ms`,
      ].join('\n'),
    ]);
  });

  it('splits timers and sets for each as its messages need it, whatever the other does', async () => {
    for (const [a, b] of [
      [60, 1000],
      [1000, 60],
      [60, 47],
      [65_536, 30],
    ] as const) {
      const first = new MemoryTransport({ maxMessageBytes: a });
      const second = new FormatTransport(dogstatsdFormat(), b);
      const { statsd } = makeClient({ transport: teeTransports(first, second) });
      for (let round = 1; round <= 2; round++) {
        first.clear();
        second.messages.length = 0;
        recordAll(statsd);
        await statsd.flush();
        expectAll(Totals.of(first.messages));
        expectAll(Totals.of(second.messages));
        expect(Math.max(...first.messages.map((message) => message.length))).to.be.at.most(a);
        expect(Math.max(...second.messages.map((message) => message.length))).to.be.at.most(b);
      }
      expect(statsd.stats().transport).to.include({ missedBySecond: 0 });
    }
  });

  it('gives both the rates of a timer that had more values than it keeps', async () => {
    const first = new MemoryTransport({ maxMessageBytes: 40 });
    const second = new FormatTransport(dogstatsdFormat(), 50);
    const { statsd } = makeClient({ transport: teeTransports(first, second), maxSamples: 8 });
    for (let ms = 0; ms < 1000; ms++) statsd.timing('t', ms);
    await statsd.flush();
    for (const messages of [first.messages, second.messages]) {
      const { count, values } = Totals.of(messages).timers.get('t')!;
      expect(Math.round(count)).to.equal(1000);
      expect([Math.min(...values), Math.max(...values)]).to.deep.equal([0, 999]);
      expect(values).to.have.length(8);
    }
    expect(
      second.messages.flatMap(parseDogstatsd).every(({ rate }, at) => (at === 0 ? rate === 1 : rate < 0.01)),
    ).to.equal(true);
  });

  it('sends a sampled call to both, when not aggregating', () => {
    const first = new FormatTransport(dogstatsdFormat());
    const second = new FormatTransport(etsyFormat());
    const { statsd } = makeClient({ transport: teeTransports(first, second), interval: 0 });
    for (let i = 0; i < 200; i++) statsd.increment('c', 0.5);
    expect(first.messages.length).to.be.within(50, 150);
    expect(second.messages).to.deep.equal(first.messages);
  });

  it('lets the first one decide: what it refuses stays pending, and the second one gets it only then', async () => {
    for (const answer of ['full', 'unavailable', 'closed', 'throws'] as const) {
      const first = new FormatTransport(etsyFormat());
      const second = new MemoryTransport();
      const { statsd } = makeClient({ transport: teeTransports(first, second) });
      first.otherwise = answer;
      statsd.increment('a');
      expect(await statsd.flush({ timeout: 20 })).to.deep.equal({ sent: 0, pending: 1 });
      expect(second.messages).to.deep.equal([]);
      first.otherwise = 'ok';
      statsd.increment('a');
      await statsd.flush();
      expect(first.messages).to.deep.equal(['a:2|c']);
      expect(second.messages).to.deep.equal(['a:2|c']);
      expect(statsd.stats().transport).to.include({ missedBySecond: 0 });
    }
  });

  const troubles: Record<Trouble, number> = {
    'open throws': 4,
    'is not there': 4,
    'offer throws': 4,
    'takes nothing for good': 4,
    'is full': 4,
    'is unavailable': 4,
    'fits nothing': 4,
    'says NaN': 4,
    'takes more than there is': 4,
    'takes less than nothing': 4,
    'wait throws': 0,
    'close throws': 0,
    'stats throws': 0,
  };
  for (const [trouble, missed] of Object.entries(troubles) as [Trouble, number][]) {
    it(`keeps the first one from noticing that the second one ${trouble}`, async () => {
      const first = new FormatTransport(etsyFormat());
      const second = new SecondTransport(trouble);
      const { statsd, log } = makeClient({ transport: teeTransports(first, second) });
      for (let flush = 0; flush < 2; flush++) {
        statsd.increment('a');
        statsd.timing('t', flush);
        expect(await statsd.flush()).to.deep.equal({ sent: 2, pending: 0 });
      }
      expect(first.messages).to.deep.equal(['a:1|c\nt:0|ms', 'a:1|c\nt:1|ms']);
      expect(second.messages).to.have.length(missed === 0 ? 2 : 0);
      expect(statsd.stats().transport).to.include({ state: 'open', missedBySecond: missed });
      expect(log.warnings).to.deep.equal([]);
      second.trouble = undefined;
      statsd.increment('b');
      await statsd.flush();
      expect(second.messages.at(-1)).to.equal('b:1|c');
      expect(statsd.stats().transport).to.include({ missedBySecond: missed });
      second.trouble = trouble;
      await statsd.shutdown();
      expect(first.stats().detail).to.be.a('string');
    });
  }

  it('counts as missed only what does not fit the second one, and gives it the rest', async () => {
    const first = new MemoryTransport();
    const second = new FormatTransport(etsyFormat(), 20);
    const { statsd } = makeClient({ transport: teeTransports(first, second) });
    const long = 'a.name.that.has.more.than.twenty.bytes';
    for (const name of ['a', long, 'b']) statsd.increment(name);
    statsd.timing(long, 1);
    statsd.timing('t', 2);
    await statsd.flush();
    expect(decode(first.messages.join('::')).metrics).to.have.length(5);
    expect(Totals.of(second.messages)).to.deep.equal(Totals.of(['a:1|c\nb:1|c\nt:2|ms']));
    expect(statsd.stats().transport).to.include({ missedBySecond: 2 });
    expect(statsd.stats().dropped).to.deep.equal({ cardinality: 0, ended: 0, oversize: 0 });
  });

  it('closes both, and tells of both', async () => {
    const [first, second] = [new MemoryTransport(), new MemoryTransport()];
    const tee = teeTransports(first, second);
    const { statsd } = makeClient({ transport: tee });
    statsd.increment('a');
    await statsd.flush();
    expect(tee.stats()).to.deep.equal({
      ...first.stats(),
      missedBySecond: 0,
      first: first.stats(),
      second: second.stats(),
    });
    expect(tee.stats().second).to.include({ state: 'open', messages: 1 });
    statsd.setTransport('null:');
    expect([first, second].map((transport) => transport.stats().state)).to.deep.equal(['closed', 'closed']);
  });

  it('sends to the queue and over UDP: both receive everything', async () => {
    const queue = queues.make();
    const receiver = await receivers.udp();
    const af = new AFTransport({ queue: queue.name, fallback: false });
    const udp = new UDPTransport({ port: receiver.port, format: 'dogstatsd' });
    const { statsd } = makeClient({ transport: teeTransports(af, udp) });
    recordAll(statsd);
    expect(await statsd.flush()).to.include({ pending: 0 });
    expectAll(Totals.of(queue.readAll().map(({ text }) => text)));
    await receiver.readAll();
    expectAll(Totals.of(receiver.messages));
    expect(statsd.stats().transport).to.include({ missedBySecond: 0 });
  });

  it('goes on without a second one over UDP where nobody listens', async () => {
    const port = await freePort();
    const first = new MemoryTransport();
    const { statsd, log } = makeClient({ transport: teeTransports(first, new UDPTransport({ port })) });
    for (let flush = 1; flush <= 3; flush++) {
      statsd.increment('a');
      expect(await statsd.flush()).to.deep.equal({ sent: 1, pending: 0 });
    }
    expect(first.messages).to.deep.equal(['a:1|c', 'a:1|c', 'a:1|c']);
    expect(statsd.stats().transport).to.include({ state: 'open', missedBySecond: 3 });
    expect(log.warnings).to.deep.equal([]);
  });

  it('waits for the pace of the second one: a default receive buffer is not overrun', async () => {
    const server = createSocket('udp4');
    server.bind(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const totals = new Totals();
      server.on('message', (message) => {
        if (message.length > 0) totals.add(message.toString());
      });
      const { port } = server.address();
      const { statsd, memory } = makeClient();
      statsd.setTransport(
        teeTransports(new MemoryTransport({ maxMessageBytes: 2048 }), new UDPTransport({ port })),
      );
      const metrics = 9_000;
      for (let i = 0; i < metrics; i++) statsd.increment(`a.counter.with.a.name.of.some.length.${i}`);
      const begin = performance.now();
      expect(await statsd.flush({ timeout: 60_000 })).to.deep.equal({ sent: metrics, pending: 0 });
      // About 420 KB, at 23 KB in 10 ms.
      expect(performance.now() - begin).to.be.at.least(120);
      await until('all has arrived', () => totals.counters.size === metrics);
      expect(statsd.stats().transport).to.include({ missedBySecond: 0 });
      expect(memory.messages).to.deep.equal([]);
    } finally {
      server.close();
    }
  });

  it('counts what a second one over a UNIX socket that is not read misses, and the first one has all', async () => {
    const receiver = receivers.unix();
    const first = new MemoryTransport({ maxMessageBytes: 100 });
    const second = new UDSTransport({ path: receiver.path, maxMessageBytes: 100 });
    const { statsd } = makeClient({ transport: teeTransports(first, second) });
    for (let i = 0; i < 3000; i++) statsd.increment(`counter.${i}`);
    expect(await statsd.flush()).to.deep.equal({ sent: 3000, pending: 0 });
    const arrived = Totals.of(receiver.readAll()).counters.size;
    const { missedBySecond } = statsd.stats().transport as unknown as { missedBySecond: number };
    expect(missedBySecond).to.be.greaterThan(0);
    expect(arrived + missedBySecond).to.equal(3000);
    expect(Totals.of(first.messages).counters.size).to.equal(3000);
  });
});
