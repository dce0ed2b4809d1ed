import { useClients } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';

/** A metric that was pending went on aggregating, and new names still made metrics, up to the limit. */
describe('disabling a client', () => {
  const makeClient = useClients();

  it('drops what is pending, and keeps nothing of later calls', async () => {
    const { statsd, sent } = makeClient();
    const bound = statsd.createCounter('bound');
    statsd.increment('hits');
    bound.increment();
    statsd.configure({ enabled: false });
    statsd.increment('hits', { tags: {} });
    statsd.increment('hits');
    bound.increment();
    expect(statsd.stats()).to.deep.include({
      recorded: 2,
      pending: 0,
      dropped: { cardinality: 0, ended: 2, oversize: 0 },
    });
    expect(await sent()).to.deep.equal([]);
    statsd.configure({ enabled: true });
    statsd.increment('hits');
    bound.increment(5);
    expect((await sent()).join('::').split('::')).to.have.members(['hits:1|c', 'bound:5|c']);
  });

  it('makes no metrics of later calls, and so reaches no limit', () => {
    const { statsd, log } = makeClient({ maxMetrics: 3 });
    statsd.increment('hits');
    statsd.configure({ enabled: false });
    for (let i = 0; i < 10; i++) {
      statsd.increment(`hits.${i}`, { tags: { a: i } });
      statsd.timing(`wait.${i}`, i, 0.5);
    }
    expect(statsd.stats()).to.include({ metrics: 1, recorded: 1, rejected: 0 });
    expect(log.warnings).to.deep.equal([]);
  });
});
