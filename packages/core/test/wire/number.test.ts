import { expect } from 'chai';
import * as fc from 'fast-check';
import { formatMilliseconds, formatNumber, formatSum } from '../../src/wire/number.js';

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });

describe('formatNumber', () => {
  it('writes every finite number without an exponent, so that it reads back the same', () => {
    fc.assert(
      fc.property(finite, (value) => {
        const text = formatNumber(value);
        expect(text).to.match(/^-?\d+(\.\d+)?$/);
        expect(Number(text)).to.equal(value === 0 ? 0 : value);
      }),
      { numRuns: 2000 },
    );
  });

  it('moves the digits of very small and very large numbers to their place', () => {
    expect(formatNumber(1e-7)).to.equal('0.0000001');
    expect(formatNumber(-1.25e-9)).to.equal('-0.00000000125');
    expect(formatNumber(1e21)).to.equal('1000000000000000000000');
    expect(formatNumber(-1.5e22)).to.equal('-15000000000000000000000');
    expect(formatNumber(-0)).to.equal('0');
    expect(formatNumber(Number.MAX_VALUE)).to.have.length(309);
  });
});

describe('formatSum', () => {
  it('leaves out the noise of binary fractions, and nothing else', () => {
    let cents = 0;
    for (let i = 0; i < 145; i++) cents += 0.01;
    const cases: [number, string][] = [
      [0.1 + 0.2, '0.3'],
      [0.1 + 0.7, '0.8'],
      [cents, '1.45'],
      [-cents, '-1.45'],
      [-0, '0'],
      [15, '15'],
      [2 ** 53 - 1, '9007199254740991'],
      [1e21, '1000000000000000000000'],
      [90_071_992_547_409.25, '90071992547409.25'],
      [1 / 3, '0.3333333333333333'],
      [1e-7, '0.0000001'],
    ];
    for (const [value, text] of cases) expect(formatSum(value), String(value)).to.equal(text);
  });

  it('is within half a unit of the 15th digit of the sum, in decimal digits, whatever it is', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = formatSum(value);
        expect(text).to.match(/^-?\d+(\.\d+)?$/);
        expect(Math.abs(Number(text) - value)).to.be.at.most(Math.abs(value) * 5e-15);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('formatMilliseconds', () => {
  it('rounds to three decimals and writes no trailing zeros', () => {
    const cases: [number, string][] = [
      [237, '237'],
      [0.5, '0.5'],
      [1.25, '1.25'],
      [12.3456, '12.346'],
      [0.0004, '0'],
      [-0.0004, '0'],
      [1.005, '1.005'],
      [7.05, '7.05'],
      [7.001, '7.001'],
      [-3.5, '-3.5'],
      [1e15, '1000000000000000'],
      [1e21, '1000000000000000000000'],
    ];
    for (const [ms, text] of cases) expect(formatMilliseconds(ms), String(ms)).to.equal(text);
  });

  it('is within half a microsecond of the duration, whatever it is', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e9, max: 1e9, noNaN: true }), (ms) => {
        const text = formatMilliseconds(ms);
        expect(text).to.match(/^-?\d+(\.\d{0,2}[1-9])?$/);
        expect(Number(text)).to.be.closeTo(ms, 0.000501);
      }),
      { numRuns: 1000 },
    );
  });
});
