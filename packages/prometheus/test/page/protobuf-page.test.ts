import { expect } from 'chai';
import * as fc from 'fast-check';
import { HistogramFamily, NumberFamily } from '../../src/page/family.js';
import { protobufPage } from '../../src/page/protobuf-page.js';
import type { Run } from '../../src/page/series.js';
import { readMetricFamilies } from '../support/metric-families.js';

const state = { isHeld: false, isGone: false };
const run = (entries: readonly (readonly [index: number, count: number])[]): Run => ({
  indexes: Int32Array.from(entries, ([index]) => index),
  counts: Float64Array.from(entries, ([, count]) => count),
  size: entries.length,
});
const pageOf = (families: Parameters<typeof protobufPage>[0], isHolding = false): Buffer =>
  Buffer.concat([...protobufPage(families, { isHolding })].map(({ bytes }) => bytes));

describe('a page as protobuf', () => {
  const BEGAN = 1_795_000_000_250;

  it('has counters and gauges with all of their labels', () => {
    const hits = new NumberFamily('counter', { name: 'hits_total', help: 'h' });
    hits.add([], { value: 3, ...state }, BEGAN);
    hits.add(
      [
        ['a', 'x'],
        ['b', 'q"\\\n\\n日本='],
        ['c', ''],
      ],
      { value: 0.5, ...state },
      BEGAN,
    );
    const depth = new NumberFamily('gauge', { name: 'depth', help: '' });
    depth.add([['n', 'x'.repeat(300)]], { value: -7, ...state }, BEGAN);
    expect(readMetricFamilies(pageOf([hits, depth]))).to.deep.equal([
      {
        name: 'hits_total',
        help: 'h',
        type: 0,
        unit: '',
        metrics: [
          { labels: {}, value: 3, created: BEGAN },
          { labels: { a: 'x', b: 'q"\\\n\\n日本=', c: '' }, value: 0.5, created: BEGAN },
        ],
      },
      {
        name: 'depth',
        help: '',
        type: 1,
        unit: '',
        metrics: [{ labels: { n: 'x'.repeat(300) }, value: -7 }],
      },
    ]);
  });

  it('has histograms, native ones beside their classic buckets', () => {
    const family = new HistogramFamily({ name: 'login_seconds', help: 'h' }, [0.25, 1], 'seconds');
    const exponential = {
      scale: 6,
      zeroCount: 1,
      positive: run([
        [-70, 2],
        [-69, 1],
        [-66, 300], // a gap of two, which is written
        [5, 1], // another span
      ]),
      negative: run([[3, 1]]),
    };
    const series = { counts: [4, 1, 301], count: 306, sum: 99.5, exponential, ...state };
    family.add([], series, BEGAN);
    const classic = new HistogramFamily({ name: 'size', help: 'h' }, [10]);
    classic.add([], { ...series, counts: [1, 1], count: 2, exponential: undefined }, BEGAN);
    const [login, size] = readMetricFamilies(pageOf([family, classic]));
    expect(login).to.deep.include({ type: 4, unit: 'seconds' });
    expect(login!.metrics).to.deep.equal([
      {
        labels: {},
        count: 306,
        sum: 99.5,
        created: BEGAN,
        buckets: [
          [0.25, 4],
          [1, 5],
        ],
        native: {
          schema: 6,
          zeroThreshold: 2 ** -128,
          zeroCount: 1,
          positive: [
            [-70, 2],
            [-69, 1],
            [-66, 300],
            [5, 1],
          ],
          negative: [[3, 1]],
        },
      },
    ]);
    expect(size!.metrics).to.deep.equal([
      { labels: {}, count: 2, sum: 99.5, created: BEGAN, buckets: [[10, 1]] },
    ]);
    Object.assign(series, { isHeld: true });
    const [held] = readMetricFamilies(pageOf([family], true));
    expect(held!.metrics[0]).to.deep.include({ count: 0, sum: 0 });
    expect(held!.metrics[0]!.native).to.deep.include({ zeroCount: 0, positive: [], negative: [] });
  });

  it('has the buckets of any run, in spans and differences', () => {
    const entry = fc.tuple(fc.integer({ min: -3000, max: 3000 }), fc.integer({ min: 1, max: 2 ** 50 }));
    fc.assert(
      fc.property(fc.uniqueArray(entry, { selector: ([index]) => index, maxLength: 60 }), (entries) => {
        const sorted = [...entries].sort(([a], [b]) => a - b);
        const family = new HistogramFamily({ name: 'x', help: '' }, []);
        const exponential = { scale: -2, zeroCount: 0, positive: run(sorted), negative: run([]) };
        family.add([], { counts: [0], count: 0, sum: 0, exponential, ...state }, 0);
        const [read] = readMetricFamilies(pageOf([family]));
        expect(read!.metrics[0]!.native).to.deep.include({ schema: -2, positive: sorted });
      }),
    );
  });

  it('has a family that is longer than a chunk, in one message', () => {
    const family = new NumberFamily('counter', { name: 'hits_total', help: 'h' });
    for (let at = 0; at < 10_000; at++) family.add([['at', `${at}`]], { value: at, ...state }, BEGAN);
    const [read, ...others] = readMetricFamilies(pageOf([family]));
    expect(others).to.deep.equal([]);
    expect(read!.metrics.map(({ value }) => value)).to.deep.equal(
      Array.from({ length: 10_000 }, (_, at) => at),
    );
  });
});
