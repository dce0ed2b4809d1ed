import { ETSY, until, useClients, useServer } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { UDPTransport } from '../../src/index.js';
import { flushTo } from '../support/flush-to.js';

describe("without aggregation (interval 0), at etsy's statsd,", () => {
  const makeClient = useClients();
  const startEtsy = useServer(ETSY);

  it('sampled calls leave with their rate, and the counts are right within the statistics', async () => {
    const server = await startEtsy();
    const { statsd } = makeClient({ transport: new UDPTransport({ port: server.port }), interval: 0 });
    statsd.increment('first');
    await statsd.flush();
    const calls = 10_000;
    const rate = 0.1;
    // At a pace at which each call can leave by itself: what comes faster is recorded in full.
    for (let call = 0; call < calls; call++) {
      statsd.increment('hits', rate);
      statsd.timing('wait', 20, { sampleRate: rate });
      if (call % 20 === 0) {
        const { pending, transport } = statsd.stats();
        expect(transport.state).to.equal('open');
        if (pending > 0) await until('nothing is pending', () => statsd.stats().pending === 0);
        else await new Promise((resolve) => setImmediate(resolve));
      }
    }
    const { counters, timers } = await flushTo(server, statsd);
    const { sampledOut } = statsd.stats();
    expect(sampledOut).to.be.above(0);
    // Six standard deviations, were each call drawn for.
    const tolerance = (6 * Math.sqrt(calls * rate * (1 - rate))) / rate;
    expect(counters.get('hits')).to.be.closeTo(calls, tolerance);
    expect(timers.get('wait')!.count).to.be.closeTo(calls, tolerance);
    expect(timers.get('wait')!.sum).to.be.closeTo(20 * timers.get('wait')!.count, 20 * calls);
  });

  it('the sums of 5,000 calls at once are exact', async () => {
    const server = await startEtsy();
    const { statsd } = makeClient({ transport: new UDPTransport({ port: server.port }), interval: 0 });
    for (let call = 0; call < 5_000; call++) {
      statsd.increment(`hits.${call % 7}`);
      statsd.timing('wait', call % 10);
      statsd.gauge('level', call);
    }
    await until('all has left', () => statsd.stats().pending === 0);
    const { counters, gauges, timers } = await flushTo(server, statsd);
    for (let i = 0; i < 7; i++) {
      expect(counters.get(`hits.${i}`)).to.equal(Math.floor(4_999 / 7) + (i <= 4_999 % 7 ? 1 : 0));
    }
    expect(gauges.get('level')).to.equal(4_999);
    expect(Math.round(timers.get('wait')!.count)).to.equal(5_000);
  });
});
