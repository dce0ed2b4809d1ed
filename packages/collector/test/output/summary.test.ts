import type { Decoded } from '@afstatsd/core';
import { useClients } from '@afstatsd/testing';
import { expect } from 'chai';
import * as fc from 'fast-check';
import { describe, it } from 'mocha';
import { type Summary, summarise } from '../../src/output/console/summary.js';

describe('a summary', () => {
  const makeClient = useClients();

  function summaryOf(...metrics: Decoded[]): Summary {
    const { statsd } = makeClient({ transport: 'null:' });
    for (const metric of metrics) statsd.ingest(metric);
    const [view] = statsd.views();
    return summarise(view!);
  }

  it('of a counter is its whole number, of a gauge its value, of a set how many members it has', () => {
    expect(summaryOf({ type: 'counter', name: 'c', value: 2, rate: 0.5 })).to.include({
      type: 'counter',
      value: 4,
    });
    expect(summaryOf({ type: 'gauge', name: 'g', value: 2.5 })).to.include({ type: 'gauge', value: 2.5 });
    const members = ['a', 'b', 'a'];
    expect(summaryOf({ type: 'set', name: 's', members })).to.include({ type: 'set', value: 2 });
  });

  it('has the tags in its name', () => {
    const tags = [
      ['b', '2'],
      ['a', '1'],
    ] as const;
    expect(summaryOf({ type: 'gauge', name: 'g', value: 1, tags }).name).to.equal('g{a=1,b=2}');
  });

  it('of a timer has percentiles that are values it has seen', () => {
    const values = Array.from({ length: 100 }, (_, i) => 100 - i);
    expect(summaryOf({ type: 'timer', name: 't', values, rate: 1 })).to.deep.equal({
      type: 'timer',
      name: 't',
      unit: 'ms',
      count: 100,
      min: 1,
      mean: 50.5,
      p50: 50,
      p95: 95,
      max: 100,
    });
  });

  it('of a sampled timer weighs values by their rate', () => {
    const summary = summaryOf(
      { type: 'timer', name: 't', values: [10], rate: 0.1 },
      { type: 'timer', name: 't', values: [20], rate: 1 },
    );
    expect(summary).to.include({ count: 11, min: 10, p50: 10, max: 20 });
    expect((summary as Summary & { type: 'timer' }).mean).to.be.closeTo(120 / 11, 1e-9);
  });

  it('of parts of a timer has parts of calls, which add up to those that were made', () => {
    // 1,500 calls in 400 values, of which an interval ends after the 2nd.
    const rate = 400 / 1500;
    const parts = [2, 398].map((length) => {
      const values = Array.from({ length }, () => 10);
      const summary = summaryOf({ type: 'timer', name: 't', values, rate });
      return (summary as Summary & { type: 'timer' }).count;
    });
    expect(parts).to.deep.equal([7.5, 1492.5]);
  });

  it('of any timer is in order, and exact in its count, sum and extremes', () => {
    const values = fc.array(fc.integer({ min: 0, max: 100_000 }), { minLength: 1, maxLength: 3000 });
    fc.assert(
      fc.property(values, (values) => {
        const summary = summaryOf({ type: 'timer', name: 't', values, rate: 1 });
        if (summary.type !== 'timer') throw new Error('no timer');
        const { count, min, mean, p50, p95, max } = summary;
        expect(count).to.equal(values.length);
        expect([min, max]).to.deep.equal([Math.min(...values), Math.max(...values)]);
        const sum = values.reduce((a, b) => a + b);
        expect(mean * count).to.be.closeTo(sum, 1e-9 * sum + 1e-9);
        expect([p50 >= min, p95 >= p50, max >= p95]).to.deep.equal([true, true, true]);
      }),
      { numRuns: 40 },
    );
  });
});
