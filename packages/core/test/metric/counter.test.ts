import { Totals, useClients } from '@afstatsd/testing';
import { expect } from 'chai';
import * as fc from 'fast-check';

describe('a counter', () => {
  const makeClient = useClients();

  it('sends integers whose sum over time is exact, since the remainder of each rounding is carried', async () => {
    const delta = fc.double({ min: -1000, max: 1000, noNaN: true });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(delta), { maxLength: 20 }), async (intervals) => {
        const { statsd, memory } = makeClient();
        let sum = 0;
        for (const deltas of intervals) {
          for (const delta of deltas) {
            statsd.updateStats('x', delta);
            sum += delta;
          }
          await statsd.flush();
        }
        const totals = new Totals();
        for (const message of memory.messages) {
          expect(message).to.match(/^x:-?\d+\|c$/);
          totals.add(message);
        }
        expect(totals.counters.get('x') ?? 0).to.be.closeTo(sum, 0.500001);
      }),
    );
  });

  it('bound, is the same metric as by name', async () => {
    const { statsd, sent } = makeClient();
    const orders = statsd.createCounter('orders');
    orders.increment();
    orders.increment(5);
    orders.decrement();
    orders.decrement(2);
    statsd.increment('orders');
    expect(await sent()).to.deep.equal(['orders:4|c']);
  });
});

describe('other bound metrics', () => {
  const makeClient = useClients();

  it('are the same metrics as by name', async () => {
    const { statsd, sent } = makeClient();
    statsd.createGauge('size').set(1);
    statsd.gauge('size', 2.5);
    statsd.createTimer('login').record(5);
    statsd.timing('login', 6);
    const users = statsd.createSet('users');
    users.add('alice');
    statsd.set('users', 'bob');
    users.add('alice');
    expect((await sent()).join()).to.match(/^size:2\.5\|g\|\d+::login:5,6\|ms::users:alice,bob\|s$/);
    expect(statsd.stats()).to.include({ recorded: 7, sent: 7 });
  });
});

describe('methods of a client', () => {
  const makeClient = useClients();

  it('work when they are taken off the object', async () => {
    const { statsd, memory } = makeClient();
    const {
      increment,
      decrement,
      updateStats,
      gauge,
      timing,
      set,
      time,
      count,
      createCounter,
      flush,
      stats,
    } = statsd;
    increment('c');
    decrement('c');
    updateStats('c', 3);
    gauge('g', 1);
    timing('t', 2);
    set('s', 3);
    time('w', () => undefined)();
    count('n', () => undefined)();
    createCounter('b').increment();
    await flush();
    expect(stats().sent).to.equal(9);
    expect(memory.metrics.map(({ name }) => name)).to.deep.equal(['c', 'n', 'b', 'g', 't', 'w', 's']);
  });
});
