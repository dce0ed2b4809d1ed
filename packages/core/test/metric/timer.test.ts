import { expect } from 'chai';
import * as fc from 'fast-check';
import { identify } from '../../src/text/identity.js';
import type { Owner } from '../../src/metric/metric.js';
import { Timer } from '../../src/metric/timer.js';
import { seeded } from '../support/seeded.js';

function makeTimer(maxSamples = 1024): Timer {
  const owner: Owner = {
    maxSamples,
    now: Date.now,
    trace: undefined,
    touched() {},
    rejected() {},
    overLimit() {},
    recordTagged() {},
  };
  return new Timer(identify('t', []), owner);
}

/** The smallest of the values at or below which a share of the weight lies: how a receiver reads a percentile. */
function percentile(pairs: readonly (readonly [value: number, weight: number])[], share: number): number {
  const sorted = [...pairs].sort((a, b) => a[0] - b[0]);
  const total = sorted.reduce((sum, [, weight]) => sum + weight, 0);
  let below = 0;
  for (const [value, weight] of sorted) if ((below += weight) >= share * total) return value;
  return sorted.at(-1)![0];
}

const gauss = (next: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());

const distributions: Record<string, (next: () => number, i: number) => number> = {
  uniform: (next) => 1 + 99 * next(),
  'lognormal, sigma 0.5': (next) => 20 * Math.exp(0.5 * gauss(next)),
  'lognormal, sigma 1': (next) => 8 * Math.exp(gauss(next)),
  'lognormal, sigma 1.5': (next) => 5 * Math.exp(1.5 * gauss(next)),
  exponential: (next) => -30 * Math.log(1 - next()),
  'bimodal: cache hits and misses': (next) => (next() < 0.8 ? 1 + next() : 80 + 40 * next()),
  'Pareto, alpha 2.5': (next) => 5 * (1 - next()) ** (-1 / 2.5),
  constant: () => 15.01,
  'below a microsecond to an hour': (next) => 10 ** (-4 + 10.5 * next()),
  'lognormal with one outlier of 60 s': (next, i) =>
    i === 700_000 ? 60_000 : 10 * Math.exp(0.5 * gauss(next)),
};

describe('a timer', () => {
  it('keeps every value in order of arrival up to maxSamples', () => {
    const timer = makeTimer();
    const values = Array.from({ length: 1024 }, (_, i) => (i * 7919) % 1000);
    for (const value of values) timer.record(value);
    const { values: kept, length, exact, rate } = timer.samples;
    expect([...kept.subarray(0, length)]).to.deep.equal(values);
    expect({ length, exact, rate }).to.deep.equal({ length: 1024, exact: 1024, rate: 1 });
  });

  it('past maxSamples sends minimum and maximum for themselves, and values of one weight for the rest', () => {
    const timer = makeTimer(10);
    for (let ms = 1; ms <= 1002; ms++) timer.record(ms);
    const { values, length, exact, rate } = timer.samples;
    expect(length).to.equal(10);
    expect(exact).to.equal(2);
    expect([...values.subarray(0, 2)]).to.deep.equal([1, 1002]);
    expect(rate).to.equal(8 / 1000);
  });

  it('keeps everything when maxSamples is Infinity', () => {
    const timer = makeTimer(Infinity);
    for (let ms = 0; ms < 100_000; ms++) timer.record(ms);
    expect(timer.samples).to.include({ length: 100_000, exact: 100_000, rate: 1 });
    expect(timer.samples.values[99_999]).to.equal(99_999);
  });

  for (const [what, draw] of Object.entries(distributions)) {
    it(`of 1,000,000 values reads right at a receiver: ${what}`, () => {
      const timer = makeTimer();
      const next = seeded(42);
      const exactly = Float64Array.from({ length: 1_000_000 }, (_, i) => draw(next, i));
      for (const ms of exactly) timer.record(ms);
      const { values, length, exact, rate } = timer.samples;
      expect(length).to.equal(1024);
      const sent = [...values.subarray(0, length)].map((ms, i) => [ms, i < exact ? 1 : 1 / rate] as const);

      exactly.sort();
      const count = sent.reduce((sum, [, weight]) => sum + weight, 0);
      const mean = sent.reduce((sum, [ms, weight]) => sum + ms * weight, 0) / count;
      const exactMean = exactly.reduce((sum, ms) => sum + ms, 0) / exactly.length;
      expect(Math.round(count)).to.equal(1_000_000);
      expect(values[0]).to.equal(exactly[0]);
      expect(values[1]).to.equal(exactly.at(-1));
      expect(mean).to.be.closeTo(exactMean, exactMean * 0.01);
      for (const [share, error] of [
        [0.5, 0.02],
        [0.95, 0.02],
        [0.99, 0.06],
      ] as const) {
        const right = exactly[Math.ceil(share * exactly.length) - 1]!;
        expect(percentile(sent, share), `p${share * 100}`).to.be.closeTo(right, right * error);
      }
    });
  }

  it('in buckets stays between its minimum and maximum, sums up right, and has an exact count, whatever the values', () => {
    const anyMs = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.double({ min: 0, max: 1e4, noNaN: true }),
    );
    fc.assert(
      fc.property(fc.array(anyMs, { minLength: 11, maxLength: 300 }), (all) => {
        const timer = makeTimer(10);
        for (const ms of all) timer.record(ms);
        const { values, length, exact, rate } = timer.samples;
        expect([length, exact]).to.deep.equal([10, 2]);
        expect(values[0]).to.equal(Math.min(...all));
        expect(values[1]).to.equal(Math.max(...all));
        for (const ms of values) expect(ms).to.be.within(values[0]!, values[1]!);
        expect(Math.round(exact + (length - exact) / rate)).to.equal(all.length);
      }),
      { numRuns: 500 },
    );
  });

  it('begins afresh when it was sent', () => {
    const timer = makeTimer(10);
    for (let ms = 0; ms < 50; ms++) timer.record(ms);
    expect(timer.clear()).to.equal(50);
    timer.record(7);
    expect([...timer.samples.values.subarray(0, 1)]).to.deep.equal([7]);
    expect(timer.samples).to.include({ length: 1, exact: 1, rate: 1 });
    expect(timer.clear()).to.equal(1);
  });

  it('sealed, gives away its values: each leaves once, and their shares add up to the calls', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 11, max: 5000 }),
        fc.array(fc.integer({ min: 1, max: 4 })),
        (calls, parts) => {
          const timer = makeTimer(10);
          for (let ms = 0; ms < calls; ms++) timer.record(ms);
          const sealed = timer.seal();
          expect(timer.calls).to.equal(0);
          let sent = 0;
          for (const part of parts) {
            const size = Math.min(part, 10 - sealed.from);
            const share = sealed.advance(size);
            expect(share).to.be.at.least(0).and.satisfy(Number.isInteger);
            sent += share;
            expect(sealed.calls).to.equal(calls - sent);
          }
          sent += sealed.clear();
          expect(sent).to.equal(calls);
          expect(sealed.calls).to.equal(0);
        },
      ),
    );
  });

  it('start measures until stop, once', () => {
    const timer = makeTimer();
    const stop = timer.start();
    const ms = stop();
    expect(ms).to.be.at.least(0);
    expect(stop()).to.equal(ms);
    expect(timer.calls).to.equal(1);
    expect(timer.samples.values[0]).to.equal(ms);
  });
});
