import { until, useClients } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';

/** Each call restarted the interval, so that none was ever over. */
describe('configure, called often,', () => {
  const makeClient = useClients();

  it('called more often than the interval does not put flushes off', async () => {
    const { statsd, memory } = makeClient({ interval: 200 });
    statsd.increment('hits');
    let build = 0;
    await until('three flushes have sent', () => {
      statsd.increment('hits');
      statsd.configure({ tags: { build: build++ } });
      return memory.messages.length >= 3;
    });
    expect(statsd.stats().sent).to.be.greaterThan(2);
  });
});
