import { expect } from 'chai';
import { describe, it } from 'mocha';
import { Periods } from '../../src/store/periods.js';

const T0 = 1_700_000_000_000; // a multiple of 10 s

/** Clocks that a test sets. */
class Hands {
  now = T0;
  steadyNow = 0;
  readonly wall = (): number => this.now;
  readonly steady = (): number => this.steadyNow;

  wait(ms: number): void {
    this.now += ms;
    this.steadyNow += ms;
  }
}

describe('the periods of a store', () => {
  let hands: Hands;
  beforeEach(() => (hands = new Hands()));

  it('begin at multiples of the interval, and have the time of their beginning', () => {
    const periods = new Periods(10_000, hands);
    hands.wait(periods.left);
    periods.next();
    for (const at of [20, 30, 40]) {
      hands.wait(periods.left);
      expect(periods.next()).to.deep.equal({ time: T0 / 1000 + at, seconds: 10 });
    }
  });

  it('begin with a longer one, since the collector before has written the one that was under way', () => {
    hands.wait(3_000);
    const periods = new Periods(10_000, hands);
    expect(periods.left).to.equal(17_000);
    hands.wait(17_000);
    expect(periods.next()).to.deep.equal({ time: T0 / 1000 + 10, seconds: 17 });
    expect(periods.left).to.equal(10_000);
  });

  it('have different times before and after a restart within one interval', () => {
    const before = new Periods(10_000, hands);
    hands.wait(before.left);
    const times = [before.next().time];
    hands.wait(4_000);
    times.push(before.last().time);
    hands.wait(1_000);
    const after = new Periods(10_000, hands);
    for (let round = 0; round < 2; round++) {
      hands.wait(after.left);
      times.push(after.next().time);
    }
    expect(times.map((time) => time - T0 / 1000)).to.deep.equal([10, 20, 30, 40]);
  });

  it('end with one whose time is not in the future', () => {
    hands.wait(3_000);
    const periods = new Periods(10_000, hands);
    hands.wait(2_500);
    expect(periods.last()).to.deep.equal({ time: T0 / 1000 + 5, seconds: 2.5 });
  });

  it('go on where a timer comes a little early, or the clock was set back a little', () => {
    const periods = new Periods(10_000, hands);
    const times: number[] = [];
    for (const early of [1, 3_000, 0]) {
      hands.wait(periods.left);
      hands.now -= early;
      times.push(periods.next().time - T0 / 1000);
    }
    expect(times).to.deep.equal([10, 20, 30]);
  });

  it('follow a clock that is set, and take their length from another one', () => {
    const periods = new Periods(10_000, hands);
    hands.wait(periods.left);
    periods.next();
    hands.now -= 3_600_000;
    hands.wait(10_000);
    expect(periods.next().seconds).to.equal(10);
    expect(periods.left).to.equal(10_000);
    hands.wait(periods.left);
    expect(periods.next()).to.deep.equal({ time: (T0 - 3_600_000) / 1000 + 30, seconds: 10 });
  });
});
