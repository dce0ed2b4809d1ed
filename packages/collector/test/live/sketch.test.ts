import { expect } from 'chai';
import * as fc from 'fast-check';
import { Sketch } from '../../src/live/sketch.js';

const sketchOf = (values: readonly number[]): Sketch => {
  const sketch = new Sketch();
  for (const value of values) sketch.add(value, 1);
  return sketch;
};

/** The value of a share by its definition. */
const exact = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length - 1e-6 * sorted.length) - 1)]!;
};

describe('the sketch of a timer', () => {
  it('says nothing of no values', () => {
    expect(new Sketch().quantile(0.5)).to.be.NaN;
    expect(new Sketch().count).to.equal(0);
  });

  it('is exact for one value, zero among them', () => {
    for (const value of [20, 0, -3.5, 1e300, 1e-300])
      expect(sketchOf([value]).quantile(0.95)).to.equal(value === 1e-300 ? 0 : value);
  });

  it('is within 1.1 % for values of which the largest is 200 times the smallest', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 1, max: 200, noNaN: true }), { minLength: 1, maxLength: 500 }),
        (values) => {
          const sketch = sketchOf(values);
          for (const share of [0.5, 0.95, 0.99]) {
            const right = exact(values, share);
            expect(sketch.quantile(share)).to.be.within(right * 0.989, right * 1.011);
          }
        },
      ),
    );
  });

  it('stays within its order of magnitude for any values, and never leaves what was seen', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 2_000 }),
        (values) => {
          const sketch = sketchOf(values);
          for (const share of [0, 0.5, 0.99, 1])
            expect(sketch.quantile(share)).to.be.within(Math.min(...values, 0), Math.max(...values, 0));
        },
      ),
    );
  });

  it('has 256 buckets at most, and is within 4 % of values over six decades', () => {
    const values = Array.from({ length: 20_000 }, (_, at) => 10 ** ((at / 20_000) * 6 - 2));
    const sketch = sketchOf(values);
    for (const share of [0.01, 0.5, 0.95, 0.99]) {
      const right = exact(values, share);
      expect(sketch.quantile(share)).to.be.within(right * 0.95, right * 1.05);
    }
  });

  it('fades, so that later values count more', () => {
    const sketch = new Sketch();
    for (let at = 0; at < 100; at++) sketch.add(10, 1);
    for (let step = 0; step < 24; step++) sketch.fade(Math.exp(-1 / 12));
    for (let at = 0; at < 100; at++) sketch.add(1_000, 1);
    expect(sketch.quantile(0.2)).to.be.within(990, 1_011);
    expect(sketch.count).to.be.within(113, 114);
    for (let step = 0; step < 400; step++) sketch.fade(Math.exp(-1 / 12));
    expect(sketch.count).to.equal(0);
    expect(sketch.quantile(0.5)).to.be.NaN;
  });

  it('counts values by their weight', () => {
    const sketch = new Sketch();
    sketch.add(10, 1);
    sketch.add(1_000, 9);
    expect(sketch.count).to.equal(10);
    expect(sketch.quantile(0.1)).to.be.within(9.9, 10.1);
    expect(sketch.quantile(0.2)).to.be.within(990, 1_000);
  });
});
