import { useClients } from '@afstatsd/testing';
import { expect } from 'chai';
import { NullTransport } from '../../src/index.js';

describe('NullTransport', () => {
  const makeClient = useClients();

  it('takes every kind of metric, however many, and sends nothing', async () => {
    const { statsd } = makeClient({ transport: new NullTransport() });
    for (let i = 0; i < 5000; i++) statsd.increment(`c${i}`);
    for (let i = 0; i < 5000; i++) statsd.timing('t', i);
    statsd.gauge('g', 1);
    statsd.set('s', 'a', { tags: { a: 'b' } });
    expect(await statsd.flush()).to.deep.equal({ sent: 10_002, pending: 0 });
    expect(statsd.stats().transport).to.include({ state: 'open', messages: 0, bytes: 0 });
  });

  it('is checked and counted like any other: bad input is refused', () => {
    const { statsd } = makeClient({ transport: 'null:', interval: 0 });
    statsd.increment('a');
    statsd.increment('');
    statsd.timing('t', NaN);
    expect(statsd.stats()).to.include({ sent: 1, rejected: 2, pending: 0 });
  });
});
