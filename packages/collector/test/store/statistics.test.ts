import type { AggregateView } from '@afstatsd/core';
import { useClients } from '@afstatsd/testing';
import { expect } from 'chai';
import * as fc from 'fast-check';
import { describe, it } from 'mocha';
import { type TimerStatistics, timerStatistics } from '../../src/store/statistics.js';

describe('the statistics of a timer', () => {
  const makeClient = useClients();

  function statisticsOf(values: readonly number[], rate = 1, ...percentiles: number[]): TimerStatistics {
    const { statsd } = makeClient({ transport: 'null:' });
    statsd.ingest({ type: 'timer', name: 't', values, rate });
    const [view] = statsd.views();
    return timerStatistics(view as AggregateView & { kind: 'timer' }, percentiles);
  }

  it("are those of etsy's statsd", () => {
    const values = [450, 120, 553, 994, 334, 844, 675, 496];
    const { std, ...exact } = statisticsOf(values, 1, 90, 50);
    expect(exact).to.deep.equal({
      count: 8,
      sum: 4466,
      lower: 120,
      upper: 994,
      mean: 558.25,
      median: 524.5,
      percentiles: [844, 496],
    });
    expect(std).to.be.closeTo(260.56, 0.01);
  });

  it('of one value are that value', () => {
    expect(statisticsOf([7], 1, 1, 90, 99)).to.deep.equal({
      count: 1,
      sum: 7,
      lower: 7,
      upper: 7,
      mean: 7,
      median: 7,
      std: 0,
      percentiles: [7, 7, 7],
    });
  });

  it('count a sampled value with its weight', () => {
    const { count, sum, mean, percentiles } = statisticsOf([10, 20, 30], 0.1, 50, 90);
    expect({ count, sum, mean }).to.deep.equal({ count: 30, sum: 600, mean: 20 });
    expect(percentiles[0]).to.be.closeTo(20, 0.4);
    expect(percentiles[1]).to.be.closeTo(30, 0.6);
  });

  it('of more values than are kept are exact in count, sum, lower and upper, and near in the others', () => {
    const values = Array.from({ length: 5000 }, (_, at) => at + 1);
    const all = statisticsOf(values, 1, 90, 99);
    expect(all).to.include({ count: 5000, sum: 12_502_500, lower: 1, upper: 5000, mean: 2500.5 });
    expect(all.median).to.be.closeTo(2500, 50);
    expect(all.std).to.be.closeTo(1443, 30);
    expect(all.percentiles[0]).to.be.closeTo(4500, 90);
    expect(all.percentiles[1]).to.be.closeTo(4950, 99);
  });

  it('are in order for any values', () => {
    const values = fc.array(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(values, (some) => {
        const { lower, upper, median, std, percentiles } = statisticsOf(some, 1, 10, 50, 90, 99);
        expect([...percentiles].sort((a, b) => a - b)).to.deep.equal([...percentiles]);
        expect(median).to.be.within(lower, upper);
        for (const one of percentiles) expect(one).to.be.within(lower, upper);
        expect(std).to.be.at.least(0);
      }),
    );
  });
});
