import type { Grammar } from './plain-line.js';

const NEWLINE = 10;
const PLUS = 43;
const COMMA = 44;
const MINUS = 45;
const POINT = 46;
const ZERO = 48;
const COLON = 58;
const BAR = 124;

/** Up to so many digits a number without its point is exact, and so is the power of ten: the quotient is what `Number()` makes. */
const MAX_DIGITS = 15;
const POWERS = Float64Array.from({ length: MAX_DIGITS + 1 }, (_, exponent) => Number(`1e${exponent}`));
/** Values of one line, at most. */
const MAX_VALUES = 4096;

/** Reads what stands between the name and the type of a metric, by its bytes. */
export class LineValues {
  readonly #isQueue: boolean;
  /** The numbers that were read last, and how many they are; 0 when no numbers stood there. */
  readonly numbers: Float64Array = new Float64Array(MAX_VALUES);
  count = 0;
  /** Whether one of them has a sign, and whether the first and only one is negative. */
  isSigned = false;
  isNegative = false;
  hasComma = false;

  constructor(grammar: Grammar) {
    this.#isQueue = grammar === 'queue';
  }

  /**
   * Reads what begins at `from`, and returns where the bar behind it is; -1 for something that the plain decoder has to read. It
   * is text if `count` is 0 then.
   */
  read(bytes: Uint8Array, from: number, to: number): number {
    const bar = this.#readNumbers(bytes, from, to);
    if (bar >= 0) return bar;
    this.count = 0;
    this.isSigned = this.isNegative = this.hasComma = false;
    return this.#textEnd(bytes, from, to);
  }

  /** Reads values that are followed by a bar, and returns where that is; -1 when something else stands there. */
  #readNumbers(bytes: Uint8Array, from: number, to: number): number {
    this.count = 0;
    this.isSigned = this.isNegative = this.hasComma = false;
    for (let at = from; at < to; at++) {
      const sign = bytes[at]!;
      const isNegative = sign === MINUS;
      const isSigned = isNegative || sign === PLUS;
      if (isSigned) at++;
      let value = 0;
      let digits = 0;
      let decimals = 0;
      let digit = 0;
      for (; at < to && (digit = bytes[at]! - ZERO) >= 0 && digit <= 9; at++, digits++)
        value = value * 10 + digit;
      if (at < to && bytes[at] === POINT) {
        const point = at++;
        for (; at < to && (digit = bytes[at]! - ZERO) >= 0 && digit <= 9; at++, digits++)
          value = value * 10 + digit;
        decimals = at - point - 1;
      }
      if (digits === 0 || digits > MAX_DIGITS || at >= to || this.count === MAX_VALUES) return -1;
      if (isNegative && value === 0) return -1;
      if (decimals > 0) value /= POWERS[decimals]!;
      this.numbers[this.count++] = isNegative ? -value : value;
      this.isSigned ||= isSigned;
      const next = bytes[at]!;
      if (next === BAR) {
        this.isNegative = isNegative && this.count === 1;
        return at;
      }
      if (next === COMMA && this.#isQueue) this.hasComma = true;
      else if (next !== COLON) return -1;
    }
    return -1;
  }

  /** The bar behind a value that is no number; -1 when there is none, or the value may be none. */
  #textEnd(bytes: Uint8Array, from: number, to: number): number {
    // Two colons belong to the name, or end it.
    if (bytes[from] === COLON || bytes[from] === BAR) return -1;
    for (let at = from; at < to; at++) {
      const byte = bytes[at]!;
      if (byte === BAR) return at;
      if (byte === NEWLINE || (byte === COLON && this.#isQueue)) return -1;
    }
    return -1;
  }
}
