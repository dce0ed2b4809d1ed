import { Totals, useClients } from '@afstatsd/testing';
import { expect } from 'chai';
import { MemoryTransport } from '../../src/index.js';

describe('telemetry', () => {
  const makeClient = useClients();

  it('adds no metric by default', async () => {
    const { statsd, sent } = makeClient();
    statsd.increment('x');
    expect(await sent()).to.deep.equal(['x:1|c']);
    expect(statsd.stats().metrics).to.equal(1);
  });

  it('adds the ledger to each flush, in which each sample is counted once', async () => {
    const { statsd, memory } = makeClient({ telemetry: true, maxMetrics: 8 });
    const totals = new Totals();
    for (let flush = 0; flush < 5; flush++) {
      for (let i = 0; i < 10 * flush; i++) statsd.increment('x');
      statsd.timing('t', flush);
      for (let i = 0; i < flush; i++) statsd.increment(`too.many.${i}`);
      const { pending } = statsd.stats();
      memory.clear();
      await statsd.flush();
      for (const message of memory.messages) totals.add(message);
      expect(totals.gauges.get('afstatsd.client.pending')).to.equal(pending);
    }
    const read = (): Record<string, number> =>
      Object.fromEntries(
        ['recorded', 'sent', 'dropped'].map((name) => [
          name,
          totals.counters.get(`afstatsd.client.${name}`) ?? 0,
        ]),
      );
    // What a flush reports is what was so when it began.
    const { recorded, sent, dropped } = statsd.stats();
    expect(dropped.cardinality).to.be.greaterThan(0);
    memory.clear();
    await statsd.flush();
    for (const message of memory.messages) totals.add(message);
    expect(read()).to.deep.equal({ recorded, sent, dropped: dropped.cardinality });
  });

  it('reports what could not leave once it leaves, and the same sums in the end', async () => {
    const { statsd, memory } = makeClient({
      telemetry: true,
      transport: 'mq:///afstatsd-test-nobody-makes-this?fallback=false',
    });
    for (let flush = 0; flush < 5; flush++) {
      statsd.increment('x');
      await statsd.flush();
    }
    expect(statsd.stats()).to.include({ sent: 0 });
    statsd.setTransport(memory);
    await statsd.flush();
    const before = statsd.stats();
    await statsd.flush();
    const totals = new Totals();
    for (const message of memory.messages) totals.add(message);
    expect(totals.counters.get('x')).to.equal(5);
    expect(totals.counters.get('afstatsd.client.recorded')).to.equal(before.recorded);
    expect(totals.counters.get('afstatsd.client.sent')).to.equal(before.sent);
    expect(totals.gauges.get('afstatsd.client.pending')).to.equal(0);
  });

  it('has the prefix and tags of configure, and can be switched on and off', async () => {
    const { statsd, sent } = makeClient({ prefix: 'shop', tags: { env: 'prod' } });
    statsd.increment('x');
    expect((await sent()).join()).to.not.contain('afstatsd');
    statsd.configure({ telemetry: true });
    statsd.increment('x');
    expect((await sent()).join()).to.contain('shop.afstatsd.client.recorded:2|c|#env:prod');
    statsd.configure({ telemetry: false });
    statsd.increment('x');
    expect((await sent()).join()).to.not.contain('afstatsd');
  });

  it('sends nothing for a client that has recorded nothing', async () => {
    const { statsd, sent } = makeClient({ telemetry: true });
    expect(await sent()).to.deep.equal([]);
    expect(statsd.stats()).to.include({ recorded: 0, metrics: 0 });
  });

  it('finds no room among maxMetrics without being counted as dropped', async () => {
    const memory = new MemoryTransport();
    const { statsd } = makeClient({ telemetry: true, maxMetrics: 1, transport: memory });
    statsd.increment('x');
    await statsd.flush();
    expect(memory.messages).to.deep.equal(['x:1|c']);
    expect(statsd.stats().dropped.cardinality).to.equal(0);
  });
});
