import { Totals, useClients } from '@afstatsd/testing';
import { expect } from 'chai';
import * as fc from 'fast-check';
import { decode } from '../../src/index.js';
import { makeFormat } from '../../src/wire/formats.js';
import { FormatTransport } from '../support/format-transport.js';

describe('ingest', () => {
  const makeClient = useClients();

  it('records what decode has read, so that it goes out again', async () => {
    const { statsd, memory } = makeClient();
    const text = 'hits:15|c::hits:-3|c::size:2.5|g|1795354531::login:10,5,7|ms::users:alice,bob|s';
    for (const metric of decode(text).metrics) statsd.ingest(metric);
    await statsd.flush();
    expect(memory.messages.join()).to.match(
      /^hits:12\|c::size:2\.5\|g\|\d+::login:10,5,7\|ms::users:alice,bob\|s$/,
    );
  });

  it('scales a sampled counter up, and counts each value of a sampled timer with its weight', async () => {
    const { statsd, memory } = makeClient();
    for (const metric of decode('hits:1|c|@0.1\nlogin:10:20|ms|@0.25').metrics) statsd.ingest(metric);
    expect(statsd.stats().recorded).to.equal(9);
    await statsd.flush();
    const totals = new Totals().add(memory.messages.join('::'));
    expect(totals.counters.get('hits')).to.equal(10);
    expect(totals.timers.get('login')!.count).to.equal(8);
    expect(totals.timers.get('login')!.values.slice(0, 2)).to.deep.equal([10, 20]);
  });

  it('keeps tags, and tells a __proto__ or an empty key apart from nothing', () => {
    const { statsd } = makeClient();
    for (const metric of decode('hits:1|c|#host:a,__proto__:b,flag,:c').metrics) statsd.ingest(metric);
    const [view] = statsd.views();
    expect(view!.tags).to.deep.equal([
      ['_', 'c'],
      ['__proto__', 'b'],
      ['flag', ''],
      ['host', 'a'],
    ]);
  });

  it('a signed gauge changes the value that is there; one with a time is absolute', () => {
    const { statsd } = makeClient();
    for (const text of ['size:10|g', 'size:+5|g', 'size:-3|g', 'other:-4|g|1795354531']) {
      for (const metric of decode(text).metrics) statsd.ingest(metric);
    }
    expect([...statsd.views()].map((view) => view.kind === 'gauge' && view.value)).to.deep.equal([12, -4]);
  });

  it('sends changes of a gauge that nobody has set as changes, where the format has them', async () => {
    for (const [format, lines] of [
      ['etsy', ['g:+2|g', 'g:-7|g', 'g:+0|g', 'g:10|g', 'g:11|g']],
      ['influx', ['g:+2|g', 'g:-7|g', 'g:+0|g', 'g:10|g', 'g:11|g']],
      ['graphite', ['g:+2|g', 'g:-7|g', 'g:+0|g', 'g:10|g', 'g:11|g']],
      // Its servers take a sign for that of a value.
      ['dogstatsd', ['g:2|g', 'g:0|g\ng:-5|g', 'g:0|g\ng:-5|g', 'g:10|g', 'g:11|g']],
    ] as const) {
      const transport = new FormatTransport(makeFormat(format, {}));
      const { statsd } = makeClient({ transport });
      const gauge = (value: number, change?: number): void =>
        void statsd.ingest({ type: 'gauge', name: 'g', value, ...(change === undefined ? {} : { change }) });
      gauge(5, 5);
      gauge(2, -3);
      await statsd.flush();
      gauge(-5, -7);
      await statsd.flush();
      gauge(-5, 0);
      await statsd.flush();
      gauge(9, 14);
      gauge(10);
      await statsd.flush();
      gauge(11);
      await statsd.flush();
      expect(transport.messages, format).to.deep.equal(lines);
    }
  });

  it('gives counts, sums and extremes that are exact, however the values were sampled', () => {
    const part = fc.record({
      values: fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 30 }),
      rate: fc.constantFrom(1, 0.5, 0.1, 0.37),
    });
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 8 }), (parts) => {
        const { statsd } = makeClient({ maxSamples: 16 });
        for (const { values, rate } of parts) statsd.ingest({ type: 'timer', name: 't', values, rate });
        const [timer] = statsd.views();
        if (timer?.kind !== 'timer') throw new Error('no timer');
        const count = parts.reduce((sum, { values, rate }) => sum + values.length / rate, 0);
        const sum = parts.reduce((sum, { values, rate }) => sum + values.reduce((a, b) => a + b) / rate, 0);
        const all = parts.flatMap(({ values }) => values);
        const bounds = [10, 100, 1000];
        const read = timer.distribution(bounds);
        expect(read.count).to.be.closeTo(count, 1e-6);
        expect(read.sum).to.be.closeTo(sum, sum * 1e-9);
        expect([read.min, read.max]).to.deep.equal([Math.min(...all), Math.max(...all)]);
        expect(read.counts.reduce((a, b) => a + b)).to.be.closeTo(count, 1e-6);
        for (const bucket of read.counts) expect(bucket).to.be.at.least(-1e-9);

        const { values, length, exact, rate } = timer.samples;
        expect(exact + (length - exact) / rate).to.be.closeTo(count, length > exact ? 1e-6 : 1);
        for (const value of values.subarray(0, length)) expect(value).to.be.within(read.min, read.max);
        expect(rate).to.be.greaterThan(0).and.at.most(1);
      }),
    );
  });

  it('puts values that equal a bound below it, sampled or not', () => {
    const { statsd } = makeClient();
    const bounds = [100, 200, 300];
    for (const ms of [100, 200]) {
      statsd.ingest({ type: 'timer', name: 'sampled', values: [ms], rate: 0.5 });
      for (let i = 0; i < 1000; i++) statsd.timing('many', ms);
      statsd.timing('few', ms);
    }
    const read = [...statsd.views()].map((view) => view.kind === 'timer' && view.distribution(bounds).counts);
    expect(read).to.deep.equal([
      [2, 2, 0, 0],
      [1000, 1000, 0, 0],
      [1, 1, 0, 0],
    ]);
  });

  it('returns the metric for its first sample, and nothing for later ones or for a refused one', () => {
    const { statsd } = makeClient({ maxMetrics: 5 });
    const ingest = (text: string) => decode(text).metrics.map((metric) => statsd.ingest(metric));
    const lines = ['hits:0|c', 'hits:1|c|#a:b,c:d', 'size:2|g', 'login:10|ms', 'users:ann|s'];
    expect(lines.flatMap(ingest)).to.have.ordered.members([...statsd.views()]);
    const nothing = lines.map(() => undefined);
    expect(lines.flatMap(ingest)).to.deep.equal(nothing);
    expect(ingest('hits:1|c|#c:d,a:b'), 'tags in another order').to.deep.equal([undefined]);
    expect(ingest('one.too.many:1|c')).to.deep.equal([undefined]);
    expect(statsd.ingest({ type: 'counter', name: '', value: 1, rate: 1 })).to.be.undefined;
  });

  it('counts all samples that a counter or a gauge stands for, also when there is no room for it', () => {
    const { statsd } = makeClient({ maxMetrics: 2 });
    statsd.ingest({ type: 'counter', name: 'hits', value: 12, rate: 1, samples: 5 });
    statsd.ingest({ type: 'counter', name: 'hits', value: 3, rate: 1 });
    statsd.ingest({ type: 'gauge', name: 'size', value: 7, samples: 4 });
    expect(statsd.stats().recorded).to.equal(10);
    expect([...statsd.views()].map(({ name, calls }) => [name, calls])).to.deep.equal([
      ['hits', 6],
      ['size', 4],
    ]);
    statsd.ingest({ type: 'counter', name: 'more', value: 3, rate: 1, samples: 3 });
    statsd.ingest({ type: 'timer', name: 'took', values: [1, 2], rate: 1 });
    expect(statsd.stats().dropped.cardinality).to.equal(5);
    // A delta that is too large is refused, and counts as one.
    statsd.ingest({ type: 'counter', name: 'hits', value: 1e300, rate: 1, samples: 3 });
    expect(statsd.stats().rejected).to.equal(1);
  });

  it('refuses what can not be recorded, as with any call', () => {
    const { statsd } = makeClient();
    statsd.ingest({ type: 'counter', name: 'x', value: 1e300, rate: 1e-9 });
    statsd.ingest({ type: 'counter', name: '', value: 1, rate: 1 });
    statsd.ingest({ type: 'timer', name: 't', values: [1, NaN], rate: 0.5 });
    expect(statsd.stats()).to.include({ rejected: 3, recorded: 2 });
  });

  it('with a transport that never opens, views are totals', async () => {
    const closed = {
      open: () => undefined,
      close() {},
      stats: () => ({ state: 'closed' as const, detail: 'never', messages: 0, bytes: 0, full: 0 }),
    };
    const { statsd, log } = makeClient({ transport: closed });
    for (let round = 0; round < 3; round++) {
      statsd.increment('hits');
      statsd.timing('login', 5);
      await statsd.flush();
    }
    const views = [...statsd.views()].map((view) =>
      view.kind === 'timer' ? view.distribution([]).count : view.kind === 'counter' && view.value,
    );
    expect(views).to.deep.equal([3, 3]);
    expect(log.warnings).to.deep.equal([]);
  });
});
