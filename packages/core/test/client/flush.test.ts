import { type TestQueue, Totals, until, useClients, useQueues } from '@afstatsd/testing';
import { expect } from 'chai';
import { readUntilFlushed } from '../support/read-until-flushed.js';

describe('flush', () => {
  const makeClient = useClients();
  const queues = useQueues();
  let queue: TestQueue;
  beforeEach(() => (queue = queues.make({ depth: 1 })));

  it('resolves at once when nothing is pending', async () => {
    const { statsd } = makeClient();
    expect(await statsd.flush({ timeout: 60_000 })).to.deep.equal({ sent: 0, pending: 0 });
  });

  it('during another one, resolves when what was pending at its own call has left', async () => {
    const { statsd } = makeClient({ transport: `mq://${queue.name}?fallback=false` });
    queue.fill();
    statsd.increment('first');
    const first = statsd.flush({ timeout: 60_000 });
    statsd.increment('second');
    const second = statsd.flush({ timeout: 60_000 });
    const arrived = new Totals();
    await readUntilFlushed(queue, arrived, second);
    expect([await first, await second].map(({ sent }) => sent)).to.deep.equal([1, 2]);
    expect([...arrived.counters]).to.deep.equal([
      ['first', 1],
      ['second', 1],
    ]);
  });

  it('resolves at its timeout while nobody makes room, and says what is pending', async () => {
    const { statsd } = makeClient({ transport: `mq://${queue.name}?fallback=false` });
    queue.fill();
    statsd.increment('hits');
    expect(await statsd.flush({ timeout: 20 })).to.deep.equal({ sent: 0, pending: 1 });
  });

  it('goes on at the next transport when that is changed under way', async () => {
    const { statsd, memory } = makeClient({ transport: `mq://${queue.name}?fallback=false` });
    queue.fill();
    statsd.increment('hits');
    const flushed = statsd.flush({ timeout: 60_000 });
    await until('the flush has met the full queue', () => statsd.stats().transport.full > 0);
    statsd.setTransport(memory);
    expect(await flushed).to.deep.equal({ sent: 1, pending: 0 });
    expect(memory.messages).to.deep.equal(['hits:1|c']);
  });
});

describe('the interval', () => {
  const makeClient = useClients();
  const queues = useQueues();

  it('flushes again and again, also what is recorded while a flush waits for room', async () => {
    const queue = queues.make({ depth: 1 });
    const { statsd } = makeClient({ transport: `mq://${queue.name}?fallback=false`, interval: 3 });
    const arrived = new Totals();
    let calls = 0;
    await until('1000 calls have arrived', () => {
      if (calls < 1000) {
        statsd.increment(`hits.${calls % 300}`);
        calls++;
      }
      if (calls % 7 === 0 || calls === 1000) for (const { text } of queue.readAll()) arrived.add(text);
      return [...arrived.counters.values()].reduce((a, b) => a + b, 0) === 1000;
    });
    expect(statsd.stats()).to.include({ recorded: 1000, sent: 1000 });
  });
});

describe('shutdown', () => {
  const makeClient = useClients();

  it('sends what is pending, and is the same promise when it is called again', async () => {
    const { statsd, memory } = makeClient();
    statsd.increment('hits');
    const ended = statsd.shutdown();
    expect(statsd.shutdown()).to.equal(ended);
    expect(await ended).to.deep.equal({ sent: 1, pending: 0 });
    expect(await statsd.flush()).to.deep.equal({ sent: 1, pending: 0 });
    expect(memory.messages).to.deep.equal(['hits:1|c']);
    expect(statsd.stats().transport.state).to.equal('closed');
  });

  it('counts later calls as rejected, of every kind and by every way, and warns once', async () => {
    const { statsd, memory, log } = makeClient();
    const bound = statsd.createCounter('bound');
    statsd.increment('hits');
    await statsd.shutdown();
    for (let i = 0; i < 10; i++) {
      bound.increment();
      statsd.increment('hits');
      statsd.timing('login', 1);
      statsd.gauge('size', 1);
      statsd.set('users', 1);
    }
    statsd.setAggregation(false);
    statsd.increment('hits');
    expect(statsd.stats()).to.include({ recorded: 1, sent: 1, pending: 0, rejected: 51 });
    expect(memory.messages).to.deep.equal(['hits:1|c']);
    expect(log.warnings).to.have.length(1);
  });

  it('counts as dropped what nobody took in time', async () => {
    const { statsd } = makeClient({ transport: 'mq:///afstatsd-test-nobody-makes-this?fallback=false' });
    statsd.increment('hits');
    for (let i = 0; i < 5000; i++) statsd.timing('login', i);
    expect(await statsd.shutdown({ timeout: 10 })).to.deep.equal({ sent: 0, pending: 5001 });
    expect(statsd.stats()).to.deep.include({
      recorded: 5001,
      pending: 0,
      dropped: { cardinality: 0, ended: 5001, oversize: 0 },
    });
  });
});
