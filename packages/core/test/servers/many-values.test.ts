import { COLLECTD, ETSY, describeServer, useClients, useServer } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { UDPTransport } from '../../src/index.js';
import { flushTo } from '../support/flush-to.js';

/** Durations as services have them: most are short, some very long. The order is fixed, and of no kind. */
function latencies(count: number): number[] {
  return Array.from({ length: count }, (_, i) => {
    const rank = ((i * 7919) % count) / count;
    return 5 * (1 - rank) ** -0.7;
  });
}

function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.round(q * sorted.length) - 1]!;
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

describe("a timer of more values than maxSamples, at etsy's statsd,", () => {
  const makeClient = useClients();
  const startEtsy = useServer(ETSY);

  for (const { values, maxSamples } of [
    { values: 1_025, maxSamples: 1024 },
    { values: 10_000, maxSamples: 1024 },
    { values: 100_003, maxSamples: 1024 },
    { values: 5_000, maxSamples: 100 },
  ]) {
    it(`has the count of ${values} exact and quantiles close, from ${maxSamples} values`, async () => {
      const server = await startEtsy();
      const { statsd } = makeClient({ transport: new UDPTransport({ port: server.port }), maxSamples });
      const recorded = latencies(values);
      for (const ms of recorded) statsd.timing('job', ms);
      await flushTo(server, statsd);
      const { job } = await server.summarize();
      expect(Math.round(job!['count']!)).to.equal(values);
      expect(job!['count_95']).to.equal(Math.round(0.95 * maxSamples));
      for (const [name, q] of [
        ['upper_50', 0.5],
        ['upper_95', 0.95],
      ] as const) {
        const exact = quantile(recorded, q);
        const tolerance = maxSamples === 1024 ? 0.02 : 0.1;
        expect(job![name], name).to.be.closeTo(exact, tolerance * exact);
      }
      expect(job!['lower']).to.be.closeTo(Math.min(...recorded), 0.001);
      expect(job!['upper']).to.be.closeTo(Math.max(...recorded), 0.001);
    });
  }

  it('has the counts of several flushes add up', async () => {
    const server = await startEtsy();
    const { statsd } = makeClient({ transport: new UDPTransport({ port: server.port }), maxSamples: 50 });
    for (const count of [10, 50, 51, 777, 3]) {
      for (const ms of latencies(count)) statsd.timing('job', ms);
      await statsd.flush();
    }
    const { timers } = await flushTo(server, statsd);
    expect(Math.round(timers.get('job')!.count)).to.equal(10 + 50 + 51 + 777 + 3);
  });
});

describeServer(COLLECTD, 'a timer of more values than maxSamples, at collectd,', (startCollectd) => {
  const makeClient = useClients();
  /** Whole ms, since collectd cuts fractions off. */
  const recorded = latencies(5_000).map(Math.ceil);
  const SAMPLES = 200;

  it('has the number of values sent, and their mean, without the rate (timerRate: false)', async () => {
    const server = await startCollectd();
    const transport = new UDPTransport({ port: server.port, timerRate: false });
    const { statsd } = makeClient({ transport, maxSamples: SAMPLES });
    for (const ms of recorded) statsd.timing('job', ms);
    const { count, sum } = (await flushTo(server, statsd)).timers.get('job')!;
    expect(count).to.equal(SAMPLES);
    // Minimum and maximum stand for themselves; the other values are means of slices of equal size.
    const [min, max] = [Math.min(...recorded), Math.max(...recorded)];
    const mean = (sum - min - max) / (SAMPLES - 2);
    const exact = (sumOf(recorded) - min - max) / (recorded.length - 2);
    expect(mean).to.be.closeTo(exact, 0.5 + 0.01 * exact);
  });

  it('is multiplied with the rate, as collectd reads it', async () => {
    const server = await startCollectd();
    const { statsd } = makeClient({
      transport: new UDPTransport({ port: server.port }),
      maxSamples: SAMPLES,
    });
    for (let i = 0; i < 5_000; i++) statsd.timing('job', 100);
    const { count, sum } = (await flushTo(server, statsd)).timers.get('job')!;
    expect(count).to.equal(SAMPLES);
    expect(sum / count).to.be.above(2_000);
  });
});
