import { useClients, useQueues } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';

/** Until the first sample a client waits to start, and its shutdown had left it waiting. */
describe('a shutdown before the first sample', () => {
  const makeClient = useClients();

  it('drops what a bound metric records until it is over, and rejects what comes later', async () => {
    const { statsd, memory } = makeClient();
    const counter = statsd.createCounter('hits');
    const shutdown = statsd.shutdown();
    counter.increment();
    expect(await shutdown).to.include({ sent: 0 });
    counter.increment();
    expect(statsd.stats()).to.deep.include({
      pending: 0,
      dropped: { cardinality: 0, ended: 1, oversize: 0 },
    });
    expect(statsd.stats().rejected).to.equal(1);
    expect(memory.messages).to.deep.equal([]);
  });

  it('does the same with calls by name', async () => {
    const { statsd } = makeClient();
    const shutdown = statsd.shutdown();
    statsd.increment('hits');
    statsd.increment('hits');
    await shutdown;
    statsd.increment('hits');
    expect(statsd.stats()).to.deep.include({
      recorded: 2,
      pending: 0,
      rejected: 1,
      dropped: { cardinality: 0, ended: 2, oversize: 0 },
    });
  });
});

/** A flush that was under way used to be settled by its own timeout only. */
describe('a shutdown during a flush', () => {
  const makeClient = useClients();
  const queues = useQueues();

  it('settles the flush too', async () => {
    const queue = queues.make({ depth: 1 });
    queue.fill();
    const { statsd } = makeClient({ transport: `mq://${queue.name}?fallback=false` });
    statsd.increment('hits');
    const began = performance.now();
    const flush = statsd.flush({ timeout: 60_000 });
    expect(await statsd.shutdown({ timeout: 1 })).to.deep.equal({ sent: 0, pending: 1 });
    expect(await flush).to.deep.equal({ sent: 0, pending: 1 });
    expect(performance.now() - began).to.be.below(30_000);
  });
});
