import { useClients } from '@afstatsd/testing';
import { expect } from 'chai';
import { MemoryTransport, StatsdClient, type Tags } from '../../src/index.js';

describe('MemoryTransport', () => {
  const makeClient = useClients();

  it('keeps what was sent, as messages and as metrics, until it is cleared', async () => {
    const { statsd, memory } = makeClient();
    statsd.increment('a', { tags: { b: 'c' } });
    await statsd.flush();
    statsd.timing('t', 5);
    await statsd.flush();
    expect(memory.messages).to.deep.equal(['a:1|c|#b:c', 't:5|ms']);
    expect(memory.metrics).to.deep.equal([
      { type: 'counter', name: 'a', tags: [['b', 'c']], value: 1, rate: 1 },
      { type: 'timer', name: 't', values: [5], rate: 1 },
    ]);
    expect(memory.stats()).to.deep.equal({
      state: 'open',
      detail: 'kept in memory',
      messages: 2,
      bytes: 16,
      full: 0,
    });
    memory.clear();
    expect(memory.metrics).to.deep.equal([]);
    expect(memory.stats().messages).to.equal(2);
  });

  it('finds what was sent of a metric, by name and some of its tags', async () => {
    const { statsd, memory } = makeClient({ prefix: 'shop' });
    const count = (tags?: Tags): void => statsd.increment('orders', tags && { tags });
    count({ method: 'card', region: 'eu' });
    count({ method: 'card', region: 'us' });
    count({ method: 'cash', region: 'eu' });
    count();
    statsd.timing('orders', 5, { tags: { method: 'card', region: 'eu' } });
    statsd.increment('others', { tags: { method: 'card' } });
    await statsd.flush();
    const found = (tags?: Tags): number => memory.find('shop.orders', tags).length;
    expect(found()).to.equal(5);
    expect(found({ method: 'card' })).to.equal(3);
    expect(found({ region: 'us', method: 'card' })).to.equal(1);
    expect(found({ method: 'card', note: null })).to.equal(3);
    expect(found({ method: 'card', note: 'x' })).to.equal(0);
    expect(memory.find('orders')).to.deep.equal([]);
    expect(memory.find('shop.orders', { region: 'us' })).to.deep.equal([
      {
        type: 'counter',
        name: 'shop.orders',
        tags: [
          ['method', 'card'],
          ['region', 'us'],
        ],
        value: 1,
        rate: 1,
      },
    ]);
  });

  it('finds names and tags as they were given, though they were made safe: numbers, booleans, separators', async () => {
    const { statsd, memory } = makeClient();
    const tags = { status: 200, cached: true, 'a:b|c': 'd,e|f::g', none: '', line: 'x\ny' };
    statsd.increment('Foo::Bar|x', { tags });
    await statsd.flush();
    expect(memory.find('Foo::Bar|x', tags)).to.have.length(1);
    for (const [key, value] of Object.entries(tags))
      expect(memory.find('Foo::Bar|x', { [key]: value }), key).to.have.length(1);
  });

  it("has no tag of the client's own origin, and loses no fraction by that", async () => {
    const { statsd, memory } = makeClient({ service: 'shop' });
    for (let i = 0; i < 10; i++) {
      statsd.updateStats('cost', 0.4);
      await statsd.flush();
    }
    const values = memory.find('cost').map((metric) => (metric.type === 'counter' ? metric.value : NaN));
    expect(values.reduce((sum, value) => sum + value, 0)).to.equal(4);
    expect(memory.messages.join()).not.to.include('#');
  });

  it('folds tags into names if it is asked to, in code or by its URL', async () => {
    const memory = new MemoryTransport({ tags: 'fold' });
    const { statsd } = makeClient({ transport: memory });
    statsd.increment('orders', { tags: { method: 'card' } });
    await statsd.flush();
    expect(memory.messages).to.deep.equal(['orders.card:1|c']);
    expect(() => makeClient({ transport: 'memory:?tags=fold' })).not.to.throw();
    expect(() => makeClient({ transport: 'memory:?tag=fold' })).to.throw(TypeError, '"tag"');
  });

  it('keeps the newest messages only, at most as many as it is told', () => {
    const memory = new MemoryTransport({ maxMessages: 3 });
    const { statsd } = makeClient({ transport: memory, interval: 0 });
    for (let i = 0; i < 10; i++) statsd.increment(`a${i}`);
    expect(memory.messages).to.deep.equal(['a7:1|c', 'a8:1|c', 'a9:1|c']);
    expect(memory.stats().messages).to.equal(10);
  });

  it('has messages of a length, in bytes; what does not fit is dropped and counted', async () => {
    const memory = new MemoryTransport({ maxMessageBytes: 10 });
    const { statsd, log } = makeClient({ transport: memory });
    statsd.increment('größe');
    statsd.increment('a.longer.name');
    statsd.increment('b');
    await statsd.flush();
    expect(memory.messages.join()).to.not.contain('longer');
    expect(memory.messages).to.include('b:1|c');
    expect(memory.messages.every((message) => Buffer.byteLength(message) <= 10)).to.equal(true);
    expect(statsd.stats().dropped.oversize).to.equal(2);
    expect(log.warnings).to.have.length(1);
  });

  it('refuses options that it can not use, with a TypeError', () => {
    expect(() => new MemoryTransport({ tags: 'drop' as never })).to.throw(
      TypeError,
      'option tags must be one of keep, fold; it is "drop"',
    );
    for (const value of [0, -1, 1.5, NaN, Infinity, '5', null]) {
      expect(() => new MemoryTransport({ maxMessages: value as never })).to.throw(TypeError, 'maxMessages');
      expect(() => new MemoryTransport({ maxMessageBytes: value as never })).to.throw(
        TypeError,
        'maxMessageBytes',
      );
    }
  });

  it('is what the URL memory: stands for', async () => {
    const statsd = new StatsdClient({ transport: 'memory:', handleSignals: false });
    statsd.increment('a');
    await statsd.shutdown();
    expect(statsd.stats().transport).to.include({ state: 'closed', messages: 1 });
  });
});
