import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { ExpiryTimes } from '@afstatsd/prometheus/parts';
import { HeldGauges } from '../../src/store/held-gauges.js';

describe('the gauges of a store', () => {
  let now = 0;
  const hold = (expire: ExpiryTimes = {}, maxMetrics = 100): HeldGauges =>
    new HeldGauges({ maxMetrics, expire, logger: { warn: () => {} }, now: () => now });
  const taken = (gauges: HeldGauges): [string, number, number][] => {
    const all: [string, number, number][] = [];
    const steps = gauges.take(({ name, value }, samples) => all.push([name, value, samples]));
    while (steps.next().done !== true);
    return all;
  };
  beforeEach(() => (now = 0));

  it('hold their last value, and say how often each was set since', () => {
    const gauges = hold();
    gauges.ingest({ type: 'gauge', name: 'a', value: 1 });
    gauges.ingest({ type: 'gauge', name: 'a', value: 2 });
    gauges.ingest({ type: 'gauge', name: 'b', value: 3 });
    expect(taken(gauges)).to.deep.equal([
      ['a', 2, 2],
      ['b', 3, 1],
    ]);
    gauges.ingest({ type: 'gauge', name: 'b', value: 4 });
    now = 1e9;
    expect(taken(gauges)).to.deep.equal([
      ['a', 2, 0],
      ['b', 4, 1],
    ]);
  });

  it('go when they have not been set for the time of --expire, but for those of the collector', () => {
    const gauges = hold({ gauge: 1000 });
    for (const name of ['a', 'b', 'afstatsd.collector.queue_depth'])
      gauges.ingest({ type: 'gauge', name, value: 1 });
    taken(gauges);
    now = 999;
    expect(taken(gauges)).to.have.length(3);
    gauges.ingest({ type: 'gauge', name: 'b', value: 1 });
    taken(gauges);
    now = 1998;
    expect(taken(gauges).map(([name]) => name)).to.deep.equal(['b', 'afstatsd.collector.queue_depth']);
    gauges.ingest({ type: 'gauge', name: 'a', value: 5 });
    expect(taken(gauges)).to.deep.include(['a', 5, 1]);
  });

  it('go when their sender repeats them no more', () => {
    const gauges = hold();
    gauges.ingest({ type: 'gauge', name: 'a', value: 1, every: 60, timestamp: 1_700_000_000 });
    taken(gauges);
    now = 299_999;
    expect(taken(gauges)).to.have.length(1);
    now = 300_000;
    expect(taken(gauges)).to.have.length(0);
  });

  it('are bounded', () => {
    const gauges = hold({}, 2);
    for (let at = 0; at < 5; at++) gauges.ingest({ type: 'gauge', name: `g${at}`, value: 1 });
    expect(taken(gauges)).to.have.length(2);
    expect(gauges.counts.dropped.cardinality).to.equal(3);
  });
});
