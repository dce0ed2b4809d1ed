import { useClients } from '@afstatsd/testing';
import { expect } from 'chai';
import { MemoryTransport, UDPTransport, UDSTransport } from '../../src/index.js';

describe('tags that are folded into names', () => {
  const makeClient = useClients();

  it('warn once when two gauges of one flush come out as one name, since the last one wins at the receiver', async () => {
    const { statsd, log, sent } = makeClient({
      transport: new MemoryTransport({ tags: 'fold' }),
      prefix: 'shop',
    });
    for (let round = 0; round < 2; round++) {
      statsd.gauge('size', 1, { tags: { cart: 'a/b' } });
      statsd.gauge('size', 2, { tags: { cart: 'a.b' } });
      await sent();
    }
    expect(log.warnings).to.have.length(1);
    expect(log.warnings[0]).to.contain('"shop.size.a-b"');
  });

  it('warn of nothing when counters do, which add up, or gauges with names of their own', async () => {
    const { statsd, log, sent } = makeClient({ transport: new MemoryTransport({ tags: 'fold' }) });
    for (const cart of ['a/b', 'a.b']) statsd.increment('carts', { tags: { cart } });
    for (const cart of ['a', 'b']) statsd.gauge('size', 1, { tags: { cart } });
    await sent();
    await sent();
    expect(log.warnings).to.deep.equal([]);
  });

  it('warn of nothing where tags are kept', async () => {
    const { statsd, log, sent } = makeClient();
    for (const cart of ['a/b', 'a.b']) statsd.gauge('size', 1, { tags: { cart } });
    await sent();
    expect(log.warnings).to.deep.equal([]);
  });

  it('are known to the transports that fold them', () => {
    expect(new MemoryTransport({ tags: 'fold' }).foldsTags).to.equal(true);
    expect(new MemoryTransport().foldsTags).to.equal(false);
    expect(new UDPTransport().foldsTags).to.equal(true);
    expect(new UDPTransport({ format: 'dogstatsd' }).foldsTags).to.equal(false);
    expect(new UDSTransport({ format: 'etsy' }).foldsTags).to.equal(true);
    expect(new UDSTransport().foldsTags).to.equal(false);
  });
});
