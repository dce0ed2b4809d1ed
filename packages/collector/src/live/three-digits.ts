import type { Cells } from './rows.js';

const [NONE, ZERO, FIRST] = [0, 1, 2];
/** Numbers of three digits, 100 to 999. */
const LEAST_DIGITS = 100;
const DIGITS = 900;
const [LEAST_EXPONENT, MOST_EXPONENT] = [-18, 17];
const LARGEST = 9.99e17;

/**
 * Numbers of three decimal digits, from 1e-18 to 9.99e17, in 2 bytes each. They are at most 0.5 % wrong. This is enough, because
 * a percentile of a sketch may be 1 % wrong. Round numbers stay round.
 */
export const THREE_DIGITS: Cells<Uint16Array> = {
  allocate: (length) => new Uint16Array(length),

  encode(value) {
    const size = Math.abs(value);
    if (Number.isNaN(size)) return NONE;
    if (size >= LARGEST) return codeOf(value < 0, MOST_EXPONENT, LEAST_DIGITS + DIGITS - 1);
    let exponent = size === 0 ? -Infinity : Math.floor(Math.log10(size));
    let digits =
      exponent < 2 ? Math.round(size * 10 ** (2 - exponent)) : Math.round(size / 10 ** (exponent - 2));
    // Rounding may give four digits: 999.6 becomes 1000.
    if (digits === LEAST_DIGITS + DIGITS) [digits, exponent] = [LEAST_DIGITS, exponent + 1];
    return exponent < LEAST_EXPONENT ? ZERO : codeOf(value < 0, exponent, digits);
  },

  decode(cell) {
    if (cell === NONE) return NaN;
    if (cell === ZERO) return 0;
    const code = (cell - FIRST) >> 1;
    const exponent = Math.floor(code / DIGITS) + LEAST_EXPONENT;
    const digits = (code % DIGITS) + LEAST_DIGITS;
    const size = exponent < 2 ? digits / 10 ** (2 - exponent) : digits * 10 ** (exponent - 2);
    return ((cell - FIRST) & 1) === 1 ? -size : size;
  },
};

function codeOf(isNegative: boolean, exponent: number, digits: number): number {
  return FIRST + 2 * ((exponent - LEAST_EXPONENT) * DIGITS + digits - LEAST_DIGITS) + Number(isNegative);
}
