import { expect } from 'chai';
import * as fc from 'fast-check';
import { type BucketRun, ExponentialBuckets } from '../../src/record/exponential-buckets.js';
import { nearestRank, skewedValues } from '@afstatsd/testing';

describe('exponential buckets', () => {
  const boundsOf = (index: number, scale: number): [lower: number, upper: number] => [
    2 ** ((index - 1) / 2 ** scale),
    2 ** (index / 2 ** scale),
  ];
  const entries = ({ indexes, counts, size }: BucketRun): [number, number][] =>
    Array.from({ length: size }, (_, at) => [indexes[at]!, counts[at]!]);
  const total = (run: BucketRun): number => entries(run).reduce((sum, [, count]) => sum + count, 0);

  it('have powers of two as bounds, which belong to the bucket that ends there', () => {
    const buckets = new ExponentialBuckets();
    for (const value of [1, 2, 0.5, 1024, 2 ** 1023, 2 ** -127]) buckets.add(value, 1);
    expect(entries(buckets.positive).map(([index]) => index / 64)).to.deep.equal([-127, -1, 0, 1, 10, 1023]);
  });

  it('hold each value between their bounds, at any scale', () => {
    const magnitude = fc.double({ min: 1e-30, max: 1e30, noNaN: true });
    fc.assert(
      fc.property(fc.array(magnitude, { minLength: 1, maxLength: 50 }), (values) => {
        for (const value of values) {
          const buckets = new ExponentialBuckets();
          buckets.add(value, 1);
          const [[index]] = entries(buckets.positive) as [[number, number]];
          const [lower, upper] = boundsOf(index, buckets.scale);
          // The bounds themselves are rounded.
          expect(value)
            .to.be.above(lower * (1 - 1e-12))
            .and.at.most(upper * (1 + 1e-12));
        }
      }),
    );
  });

  it('count zeros and values below zero apart', () => {
    const buckets = new ExponentialBuckets();
    for (const value of [0, -0, 1e-300, -1e-300]) buckets.add(value, 1);
    buckets.add(-3, 2);
    buckets.add(3, 5);
    expect(buckets.zeroCount).to.equal(4);
    expect(entries(buckets.negative).map(([, count]) => count)).to.deep.equal([2]);
    expect(entries(buckets.positive).map(([, count]) => count)).to.deep.equal([5]);
    expect(buckets.negative.indexes[0]).to.equal(buckets.positive.indexes[0]);
  });

  it('get coarser rather than too many, and keep every count', () => {
    const buckets = new ExponentialBuckets();
    const values = Array.from({ length: 20_000 }, (_, at) => 1e-15 * 1.005 ** at);
    for (const value of values) buckets.add(value, 1);
    expect(buckets.positive.size).to.be.at.most(1024);
    expect(buckets.scale).to.be.below(6);
    expect(total(buckets.positive)).to.equal(20_000);
    const { indexes, size } = buckets.positive;
    for (let at = 1; at < size; at++) expect(indexes[at]!).to.be.above(indexes[at - 1]!);
    // The smallest bucket holds the smallest value.
    const [lower, upper] = boundsOf(indexes[0]!, buckets.scale);
    expect(values[0]!).to.be.above(lower).and.at.most(upper);
  });

  it('give each quantile within 1.1 %', () => {
    const buckets = new ExponentialBuckets();
    const values = skewedValues(50_000);
    for (const value of values) buckets.add(value, 1);
    for (const share of [0.5, 0.99, 0.999]) {
      let below = 0;
      const [index] = entries(buckets.positive).find(([, count]) => (below += count) >= share * 50_000)!;
      const right = nearestRank(values, share);
      for (const bound of boundsOf(index, buckets.scale)) {
        expect(Math.abs(bound / right - 1), `${share}`).to.be.below(0.011);
      }
    }
  });
});
