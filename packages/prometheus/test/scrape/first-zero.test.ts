import { expect } from 'chai';
import { FirstZeros } from '../../src/scrape/first-zero.js';

const MINUTE = 60_000;

describe('first zeros', () => {
  interface Named {
    readonly name: string;
    isHeld: boolean;
  }
  let [a, b]: Named[] = [];
  let zeros: FirstZeros<Named>;
  beforeEach(() => {
    zeros = new FirstZeros();
    [a, b] = ['a', 'b'].map((name) => ({ name, isHeld: false }));
  });
  const held = (): Named[] => [a!, b!].filter(({ isHeld }) => isHeld);

  it('hold no series that hasn’t appeared', () => {
    expect(held()).to.deep.equal([]);
  });

  it('hold a series until all have had a page with it', () => {
    zeros.appeared(a!, 0);
    const page = zeros.beginPage(0, 1);
    expect(held()).to.deep.equal([a]);
    zeros.beginPage(page - 1, 2); // another scraper's
    expect(held()).to.deep.equal([a]);
    zeros.beginPage(page, 3);
    expect(held()).to.deep.equal([]);
  });

  it('count no page that began before the series appeared', () => {
    const page = zeros.beginPage(0, 0);
    zeros.appeared(a!, 1);
    zeros.beginPage(page, 2);
    expect(held()).to.deep.equal([a]);
  });

  it('open each series at its own time', () => {
    zeros.appeared(a!, 0);
    const page = zeros.beginPage(0, 1);
    zeros.appeared(b!, 2);
    const next = zeros.beginPage(page, 3);
    expect(held()).to.deep.equal([b]);
    zeros.beginPage(next, 4);
    expect(held()).to.deep.equal([]);
  });

  it('hold it for two minutes at most, whether anybody scrapes or not', () => {
    zeros.appeared(a!, 1000);
    zeros.beginPage(0, 2 * MINUTE + 999);
    expect(held()).to.deep.equal([a]);
    zeros.beginPage(0, 2 * MINUTE + 1000);
    expect(held()).to.deep.equal([]);
  });

  it('keep an open series open, however the scrapers change', () => {
    zeros.appeared(a!, 0);
    const page = zeros.beginPage(0, 1);
    zeros.beginPage(page, 2);
    zeros.beginPage(0, 3);
    zeros.beginPage(0, 4);
    expect(held()).to.deep.equal([]);
  });

  it('let go of what is due though nobody scrapes', () => {
    zeros.appeared(a!, 0);
    zeros.appeared(b!, 2 * MINUTE);
    expect(held()).to.deep.equal([b]);
  });
});
