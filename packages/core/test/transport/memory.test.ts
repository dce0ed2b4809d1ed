import { useClients } from '@afstatsd/testing';
import { expect } from 'chai';
import { MemoryTransport, StatsdClient } from '../../src/index.js';

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
