import type { Recorded } from '@afstatsd/testing';
import { expect } from 'chai';
import { type StatsdClient, type StatsdFormat, decode } from '../../src/index.js';
import { makeFormat } from '../../src/wire/formats.js';
import { afFormat } from '../../src/wire/af.js';
import { FormatTransport } from '../support/format-transport.js';
import { seeded } from '../support/seeded.js';
import { parseDogstatsd, parseEtsy } from '../support/strict-parsers.js';
import { useSurroundedClients } from '../support/surrounded-clients.js';

type Sampling = Pick<Recorded, 'statsd' | 'log'> & { transport: FormatTransport };

function expectBalance(statsd: StatsdClient, calls: number): void {
  const { recorded, sent, pending, dropped, sampledOut } = statsd.stats();
  expect(recorded).to.equal(sent + pending + dropped.cardinality + dropped.ended + dropped.oversize);
  expect(recorded + sampledOut, 'calls').to.equal(calls);
}

/** The sum that `calls` independent samples give, within five standard deviations of the exact one. */
function expectWithin5Sigma(sum: number, calls: number, delta: number, rate: number): void {
  const sigma = Math.abs(delta) * Math.sqrt((calls * (1 - rate)) / rate);
  expect(Math.abs(sum - calls * delta)).to.be.at.most(5 * sigma + 1);
}

describe('sample rates', () => {
  const makeClient = useSurroundedClients();
  let random = seeded(7);
  /** A client that doesn't aggregate. */
  const unaggregated = (format: 'af' | StatsdFormat): Sampling => {
    const transport = new FormatTransport(format === 'af' ? afFormat() : makeFormat(format, {}));
    const { statsd, log } = makeClient({ transport, interval: 0 }, { random });
    return { statsd, log, transport };
  };

  beforeEach(() => {
    random = seeded(7);
  });

  it('save nothing while samples are aggregated: each call counts in full', async () => {
    const { statsd, sent } = makeClient({}, { random });
    for (let i = 0; i < 1000; i++) {
      statsd.increment('c', 0.001);
      statsd.updateStats('d', 0.5, { sampleRate: 0.001, tags: { a: 'b' } });
      if (i < 3) statsd.timing('t', i, 0.001);
    }
    expectBalance(statsd, 2003);
    expect(statsd.stats().sampledOut).to.equal(0);
    expect(await sent()).to.deep.equal(['c:1000|c\nd:500|c|#a:b\nt:0,1,2|ms']);
  });

  for (const format of ['dogstatsd', 'etsy'] as const) {
    it(`go out with each call that is kept, when not aggregating, in the ${format} format`, () => {
      const { statsd, transport } = unaggregated(format);
      const calls = 10_000;
      for (let i = 0; i < calls; i++) statsd.updateStats('c', 3, 0.25);
      for (let i = 0; i < calls; i++) statsd.timing('t', 5, { sampleRate: 0.1 });
      const lines = transport.messages.flatMap(format === 'etsy' ? parseEtsy : parseDogstatsd);
      const counts = lines.filter(({ type }) => type === 'c');
      const timings = lines.filter(({ type }) => type === 'ms');
      expect(counts.every(({ values, rate }) => values.join() === '3' && rate === 0.25)).to.equal(true);
      expect(timings.every(({ values, rate }) => values.join() === '5' && rate === 0.1)).to.equal(true);
      expectWithin5Sigma((counts.length * 3) / 0.25, calls, 3, 0.25);
      expectWithin5Sigma(timings.length / 0.1, calls, 1, 0.1);
      const { sent, sampledOut } = statsd.stats();
      expect(sent).to.equal(lines.length);
      expect(sampledOut).to.equal(2 * calls - lines.length);
      expectBalance(statsd, 2 * calls);
      if (format === 'dogstatsd')
        expect(transport.messages).to.include('c:3|c|@0.25').and.include('t:5|ms|@0.1');
    });
  }

  it('scale counters up in the AppFirst format, which has no rate for them, so that the expectation is exact', () => {
    for (const [delta, rate] of [
      [1, 0.3],
      [7, 0.75],
      [-2, 0.4],
      [1, 0.01],
    ] as const) {
      const { statsd, transport } = unaggregated('af');
      const calls = 20_000;
      for (let i = 0; i < calls; i++) statsd.updateStats('c', delta, rate);
      const { metrics, bad } = decode(transport.messages.join('::'));
      expect(bad).to.deep.equal([]);
      let sum = 0;
      for (const metric of metrics) {
        expect(metric).to.include({ type: 'counter', name: 'c', rate: 1 });
        const { value } = metric as { value: number };
        expect([Math.floor(delta / rate), Math.ceil(delta / rate)]).to.include(value);
        sum += value;
      }
      expectWithin5Sigma(sum, calls, delta, rate);
      expectBalance(statsd, calls);
    }
  });

  it('go out with timers in the AppFirst format', () => {
    const { statsd, transport } = unaggregated('af');
    for (let i = 0; i < 100; i++) statsd.timing('t', 5, 0.5);
    expect(transport.messages.length).to.be.within(20, 80);
    expect(new Set(transport.messages)).to.deep.equal(new Set(['t:5|ms|@0.5']));
  });

  for (const format of ['af', 'dogstatsd', 'etsy'] as const) {
    it(`of fractional deltas keep the expectation, in the ${format} format`, () => {
      const { statsd, transport } = unaggregated(format);
      const calls = 20_000;
      for (let i = 0; i < calls; i++) statsd.updateStats('c', 0.3, 0.2);
      const { metrics, bad } = decode(transport.messages.join('\n'));
      expect(bad).to.deep.equal([]);
      const sum = metrics.reduce(
        (sum, metric) =>
          sum + (metric as { value: number; rate: number }).value / (metric as { rate: number }).rate,
        0,
      );
      // A call that is kept counts 1 or 2: a variance of 0.2 · 2.5 − 0.3².
      expect(sum).to.be.closeTo(calls * 0.3, 5 * Math.sqrt(calls * 0.41));
      expectBalance(statsd, calls);
    });
  }

  it('mean nothing for gauges and sets', () => {
    const { statsd, transport } = unaggregated('dogstatsd');
    for (let i = 0; i < 50; i++) {
      statsd.gauge('g', i, 0.01);
      statsd.set('s', i, { sampleRate: 0.01 });
    }
    expect(transport.messages).to.have.length(100);
    expect(transport.messages.join()).to.not.contain('@');
    expect(statsd.stats()).to.include({ sampledOut: 0, sent: 100 });
  });

  it('count for wrapped functions and several names at once', () => {
    const { statsd, transport } = unaggregated('dogstatsd');
    const run = statsd.count(
      'run',
      statsd.time('took', () => {}, 0.5),
      { sampleRate: 0.5 },
    );
    for (let i = 0; i < 100; i++) run();
    for (let i = 0; i < 100; i++) statsd.increment(['a', 'b'], 0.5);
    for (const name of ['run', 'took', 'a', 'b']) {
      const messages = transport.messages.filter((message) => message.startsWith(`${name}:`));
      expect(messages.length, name).to.be.within(20, 80);
      expect(messages.every((message) => message.endsWith('|@0.5'))).to.equal(true);
    }
    expectBalance(statsd, 400);
  });

  it('of 1 send every call', () => {
    const { statsd, transport } = unaggregated('dogstatsd');
    for (let i = 0; i < 20; i++) statsd.increment('c', 1);
    expect(transport.messages).to.deep.equal(Array.from({ length: 20 }, () => 'c:1|c'));
  });

  for (const answer of ['full', 'unavailable', 'closed', 'throws'] as const) {
    it(`count in full while the transport takes nothing (${answer}): nothing is left out, nor lost`, async () => {
      const { statsd, transport } = unaggregated('dogstatsd');
      statsd.updateStats('c', 1); // it goes, or waits
      transport.otherwise = answer;
      statsd.updateStats('c', 1);
      for (let i = 0; i < 1000; i++) {
        statsd.increment('c', 0.1);
        statsd.timing('t', 5, 0.1);
      }
      expect(statsd.stats()).to.include({ sampledOut: 0, pending: 2001 });
      expectBalance(statsd, 2002);
      transport.otherwise = 'ok';
      transport.messages.length = 0;
      await statsd.flush();
      const lines = transport.messages.flatMap(parseDogstatsd);
      expect(lines.find(({ type }) => type === 'c'))
        .to.include({ rate: 1 })
        .and.deep.include({ values: ['1001'] });
      expect(lines.filter(({ type }) => type === 'ms').flatMap(({ values }) => values)).to.have.length(1000);
      expectBalance(statsd, 2002);
    });
  }

  it('keep the expectation of counters when the transport refuses the very call that was kept', async () => {
    const rounds = 2000;
    const calls = 30;
    let sum = 0;
    for (let round = 0; round < rounds; round++) {
      const { statsd, transport } = unaggregated('af');
      transport.answers = ['full'];
      for (let i = 0; i < calls; i++) statsd.increment('c', 0.2);
      await statsd.flush();
      expectBalance(statsd, calls);
      for (const metric of decode(transport.messages.join('::')).metrics)
        sum += (metric as { value: number }).value;
      await statsd.shutdown();
    }
    expectWithin5Sigma(sum, rounds * calls, 1, 0.2);
  });

  it('leave a remainder that is sent later: fractional deltas add up exactly while nothing is taken', async () => {
    const { statsd, transport } = unaggregated('dogstatsd');
    transport.otherwise = 'full';
    for (let i = 0; i < 1001; i++) statsd.updateStats('c', 0.25);
    transport.otherwise = 'ok';
    await statsd.flush();
    statsd.updateStats('c', 0.75);
    const sum = transport.messages
      .flatMap(parseDogstatsd)
      .reduce((sum, { values }) => sum + Number(values[0]), 0);
    expect(sum).to.equal(251);
    expectBalance(statsd, 1002);
  });
});
