import { Totals, until, useClients, useQueues } from '@afstatsd/testing';
import { expect } from 'chai';
import { AFTransport } from '../../src/index.js';
import { readUntilFlushed } from '../support/read-until-flushed.js';
import { usedMemory } from '../support/used-memory.js';

describe('a queue that is full, absent or replaced', () => {
  const makeClient = useClients();
  const { make: makeQueue } = useQueues();

  it('takes 100,000 counters through 10 places: what arrives is exactly what was recorded', async () => {
    const queue = makeQueue({ depth: 10 });
    const { statsd } = makeClient({ transport: `mq://${queue.name}?fallback=false`, maxMetrics: 200_000 });
    const recorded = new Map<string, number>();
    for (let i = 0; i < 100_000; i++) {
      const name = `orders.by.customer.${i}`;
      statsd.updateStats(name, i % 1000);
      recorded.set(name, i % 1000);
    }
    const arrived = new Totals();
    let rounds = 0;
    await readUntilFlushed(queue, arrived, statsd.flush({ timeout: 60_000 }), () => {
      // Samples recorded while the flush is under way arrive, too: with it, or with the next one.
      if (rounds++ >= 20) return;
      const name = `orders.by.customer.${100_000 - rounds}`;
      statsd.increment(name);
      recorded.set(name, recorded.get(name)! + 1);
    });
    await readUntilFlushed(queue, arrived, statsd.flush({ timeout: 60_000 }));
    expect(arrived.counters).to.deep.equal(recorded);
    const { pending, dropped, transport } = statsd.stats();
    expect({ pending, dropped }).to.deep.equal({
      pending: 0,
      dropped: { cardinality: 0, ended: 0, oversize: 0 },
    });
    expect(transport.full).to.be.greaterThan(0);
  });

  it('loses nothing while no collector is there for ten intervals: counters exact, gauges last, timings counted', async () => {
    const queue = makeQueue();
    queue.unlink();
    const { statsd, log } = makeClient({
      transport: new AFTransport({ queue: queue.name, fallback: false }),
    });
    for (let interval = 1; interval <= 10; interval++) {
      for (let i = 0; i < 300; i++) {
        statsd.increment('hits');
        statsd.gauge('size', interval * 1000 + i);
        statsd.timing('login', 10 + (i % 7));
        statsd.set('users', i % 40);
      }
      const { sent, pending } = await statsd.flush();
      expect({ sent, pending }).to.deep.equal({ sent: 0, pending: interval * 1200 });
    }
    expect(log.warnings).to.have.length(1);
    expect(log.warnings[0]).to.contain(queue.name).and.contain('ENOENT');

    const back = makeQueue({ name: queue.name });
    await statsd.flush();
    const arrived = new Totals();
    for (const { text } of back.readAll()) arrived.add(text);
    expect(arrived.counters.get('hits')).to.equal(3000);
    expect(arrived.gauges.get('size')).to.equal(10_299);
    expect(Math.round(arrived.timers.get('login')!.count)).to.equal(3000);
    expect(arrived.sets.get('users')!.size).to.equal(40);
    expect(statsd.stats()).to.include({ recorded: 12_000, sent: 12_000, pending: 0 });
    expect(log.infos).to.have.length(1);
  });

  it('keeps memory flat while nobody reads, however much is recorded', async () => {
    const queue = makeQueue();
    queue.fill();
    const { statsd } = makeClient({ transport: `mq://${queue.name}?fallback=false` });
    const record = (): void => {
      for (let i = 0; i < 200_000; i++) {
        statsd.increment(`hits.${i % 50}`);
        statsd.timing(`login.${i % 50}`, i % 997);
        statsd.set(`users.${i % 5}`, i % 4000);
      }
    };
    record();
    await statsd.flush({ timeout: 20 });
    const before = usedMemory();
    for (let interval = 0; interval < 10; interval++) {
      record();
      await statsd.flush({ timeout: 20 });
    }
    // 6,600,000 samples kept one by one would be 50 MB and more.
    expect(usedMemory() - before).to.be.below(2e6);
    expect(statsd.stats().pending).to.be.at.least(11 * 400_000);
  });

  it('gets the parts of a timer each once, though it refuses between them and new values arrive', async () => {
    const queue = makeQueue({ depth: 1, messageBytes: 200 });
    const { statsd } = makeClient({ transport: `mq://${queue.name}?fallback=false` });
    const recorded: number[] = [];
    const record = (ms: number): void => {
      statsd.timing('login', ms);
      recorded.push(ms);
    };
    for (let i = 0; i < 500; i++) record(1000 + i);
    const arrived = new Totals();
    await readUntilFlushed(queue, arrived, statsd.flush({ timeout: 60_000 }), (messages) => {
      if (messages > 0 && recorded.length < 520) record(recorded.length + 1000);
      const { recorded: calls, sent, pending } = statsd.stats();
      expect([calls, sent + pending]).to.deep.equal([recorded.length, recorded.length]);
    });
    await readUntilFlushed(queue, arrived, statsd.flush({ timeout: 60_000 }));
    expect(arrived.timers.get('login')!.values).to.deep.equal(recorded);
    expect(arrived.timers.get('login')!.count).to.equal(recorded.length);
    expect(statsd.stats()).to.include({ sent: recorded.length, pending: 0 });
  });

  it('gets the parts of a timer above its sample limit with shares that add up to the exact count', async () => {
    const queue = makeQueue({ depth: 1 });
    const { statsd } = makeClient({ transport: `mq://${queue.name}?fallback=false` });
    for (let i = 0; i < 123_457; i++) statsd.timing('login', (i * 7919) % 10_007);
    const arrived = new Totals();
    await readUntilFlushed(queue, arrived, statsd.flush({ timeout: 60_000 }));
    expect(Math.round(arrived.timers.get('login')!.count)).to.equal(123_457);
    expect(arrived.timers.get('login')!.values).to.have.length(1024);
    expect(statsd.stats()).to.include({ sent: 123_457, pending: 0 });
  });

  it('not aggregating: what the queue refuses is pending, adds up, and leaves once there is room', async () => {
    const queue = makeQueue({ depth: 2 });
    const { statsd } = makeClient({ transport: `mq://${queue.name}?fallback=false`, interval: 0 });
    for (let i = 0; i < 100; i++) statsd.increment('hits');
    expect(statsd.stats()).to.include({ sent: 2, pending: 98 });
    const arrived = new Totals();
    await until('all has arrived', () => {
      for (const { text } of queue.readAll()) arrived.add(text);
      return arrived.counters.get('hits') === 100;
    });
    expect(statsd.stats().transport.messages).to.be.below(100);
  });

  it('not aggregating: a queue that appears later gets everything', async () => {
    const queue = makeQueue();
    queue.unlink();
    const { statsd } = makeClient({ transport: `mq://${queue.name}?fallback=false`, interval: 0 });
    for (let i = 0; i < 500; i++) statsd.increment(`hits.${i}`);
    const back = makeQueue({ name: queue.name });
    const arrived = new Totals();
    await until('all has arrived', () => {
      for (const { text } of back.readAll()) arrived.add(text);
      return arrived.counters.size === 500;
    });
  });
});
