import { expect } from 'chai';
import * as fc from 'fast-check';
import { Rows, SINGLES } from '../../src/live/rows.js';
import { THREE_DIGITS } from '../../src/live/three-digits.js';

const { encode, decode } = THREE_DIGITS;
const kept = (value: number): number => decode(encode(value));

describe('rows of values', () => {
  it('keep the latest steps of each row, and NaN for those without a value', () => {
    const rows = new Rows(4, SINGLES);
    const [one, other] = [rows.take(), rows.take()];
    for (let step = 0; step < 6; step++) rows.set(one, step, step);
    rows.set(other, 5, 0.5);
    expect([2, 3, 4, 5].map((step) => rows.get(one, step))).to.deep.equal([2, 3, 4, 5]);
    expect([2, 3, 4, 5].map((step) => rows.get(other, step))).to.deep.equal([NaN, NaN, NaN, 0.5]);
    expect(rows.get(one, -1)).to.be.NaN;
  });

  it('give a row that was given back to the next one, empty', () => {
    const rows = new Rows(4, SINGLES);
    const all = Array.from({ length: 100 }, () => rows.take());
    for (const row of all) rows.set(row, 0, row);
    expect(all.map((row) => rows.get(row, 0))).to.deep.equal(all);
    rows.give(all[40]!);
    expect(rows.take()).to.equal(all[40]);
    expect(rows.get(all[40]!, 0)).to.be.NaN;
    expect(rows.take()).to.equal(100);
    rows.copy(all[7]!, all[99]!);
    expect(rows.get(all[99]!, 0)).to.equal(7);
  });
});

describe('numbers of three digits in two bytes', () => {
  it('are themselves where they have no more digits', () => {
    for (const value of [0, 20, 0.5, 999, 1e6, 123e15, 1.05e-17, -7.25, 217, 9.99e17, -0.001])
      expect(kept(value)).to.equal(value);
    expect(kept(NaN)).to.be.NaN;
  });

  it('are at most 0.5 % wrong, and of the same sign and order', () => {
    const values = fc.double({ min: 1.01e-18, max: 9.99e17, noNaN: true });
    fc.assert(
      fc.property(values, values, (a, b) => {
        expect(Math.abs(kept(a) - a)).to.be.at.most(0.00501 * a);
        expect(kept(-a)).to.equal(-kept(a));
        if (a < b) expect(kept(a)).to.be.at.most(kept(b));
        expect(encode(a)).to.satisfy((code: number) => Number.isInteger(code) && code >= 0 && code < 65_536);
      }),
    );
  });

  it('are 0 where they are smaller, and the largest where they are larger', () => {
    expect([kept(1e-30), kept(-1e-30)]).to.deep.equal([0, 0]);
    expect([kept(Infinity), kept(1e300), kept(-1e300)]).to.deep.equal([9.99e17, 9.99e17, -9.99e17]);
    expect(kept(9.999e17)).to.equal(9.99e17);
  });
});
