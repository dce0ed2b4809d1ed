import { useClients, useQueues } from '@afstatsd/testing';
import { expect } from 'chai';
import { AFTransport, UDPTransport, UDSTransport } from '../../src/index.js';

describe('tags that are folded into names', () => {
  const makeClient = useClients();

  it('warn once when two gauges of one flush come out as one name, since the last one wins at the receiver', async () => {
    const { statsd, log, sent } = makeClient({ prefix: 'shop' });
    for (let round = 0; round < 2; round++) {
      statsd.gauge('size', 1, { tags: { cart: 'a/b' } });
      statsd.gauge('size', 2, { tags: { cart: 'a.b' } });
      await sent();
    }
    expect(log.warnings).to.have.length(1);
    expect(log.warnings[0]).to.contain('"shop.size.a-b"');
  });

  it('warn of nothing when counters do, which add up, or gauges with names of their own', async () => {
    const { statsd, log, sent } = makeClient();
    for (const cart of ['a/b', 'a.b']) statsd.increment('carts', { tags: { cart } });
    for (const cart of ['a', 'b']) statsd.gauge('size', 1, { tags: { cart } });
    await sent();
    await sent();
    expect(log.warnings).to.deep.equal([]);
  });

  it('are known to the transports that fold them', () => {
    expect(new UDPTransport().foldsTags).to.equal(true);
    expect(new UDPTransport({ format: 'dogstatsd' }).foldsTags).to.equal(false);
    expect(new UDSTransport({ format: 'etsy' }).foldsTags).to.equal(true);
    expect(new UDSTransport().foldsTags).to.equal(false);
  });
});

describe('a fallback in use', () => {
  const makeClient = useClients();
  const queues = useQueues();

  it('is worth a warning when a queue is there and can not be used, but not when there is none', async () => {
    const queue = queues.make();
    const { statsd, log, memory } = makeClient();
    const use = async (trustedUids?: number[]): Promise<void> => {
      const options = trustedUids === undefined ? {} : { trustedUids };
      statsd.setTransport(new AFTransport({ queue: queue.name, fallback: memory, ...options }));
      statsd.increment('hits');
      await statsd.flush();
    };
    await use([process.getuid!() + 1]);
    expect(log.warnings).to.have.length(1);
    expect(log.warnings[0]).to.contain('trustedUids').and.contain('kept in memory');
    queue.unlink();
    await use();
    expect(log.warnings).to.have.length(1);
    expect(memory.messages).to.deep.equal(['hits:1|c', 'hits:1|c']);
  });
});
