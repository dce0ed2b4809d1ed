import { expect } from 'chai';
import { Scraper } from '../../src/scrape/scraper.js';

const SECOND = 1000;

describe('scraper', () => {
  /** One that has asked at these times, in s. */
  const scraper = (first: number, ...later: number[]): Scraper => {
    const connection = { writable: true };
    const one = new Scraper('origin', connection, first * SECOND);
    for (const at of later) one.askAgain(connection, at * SECOND);
    return one;
  };

  for (const [what, times, seconds] of [
    ['a first request: for a minute', [100], 60],
    ['a second one after 15 s: for three such gaps', [100, 115], 45],
    ['one a second: for 10 s at least', [100, 101, 102, 103], 10],
    ['one every 100 s: for 5 minutes, not more', [100, 200, 300], 300],
    ['a short gap among long ones: as for the long ones', [0, 30, 60, 61], 90],
    ['a long gap that is three requests ago: as for the later ones', [0, 60, 75, 90, 105], 45],
  ] as const) {
    it(`is active after ${what}`, () => {
      const last = times.at(-1)!;
      const one = scraper(...(times as readonly [number]));
      expect(one.isActive((last + seconds) * SECOND)).to.be.true;
      expect(one.isActive((last + seconds) * SECOND + 1)).to.be.false;
    });
  }

  it('is gone after five minutes, in which the slowest one would have come', () => {
    const one = scraper(0, 300);
    expect([one.isGone(600 * SECOND), one.isActive(600 * SECOND)]).to.deep.equal([false, true]);
    expect([one.isGone(600 * SECOND + 1), one.isActive(600 * SECOND + 1)]).to.deep.equal([true, false]);
  });

  it('remembers the newest page that it has had, in whatever order they arrive', () => {
    const one = scraper(0);
    expect(one.lastPage).to.equal(0);
    one.had(2);
    one.had(1);
    expect(one.lastPage).to.equal(2);
  });
});
