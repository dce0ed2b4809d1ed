import type { Grammar } from './plain-line.js';

const NEWLINE = 10;
const PLUS = 43;
const COMMA = 44;
const MINUS = 45;
const POINT = 46;
const ZERO = 48;
const COLON = 58;
const BAR = 124;

/**
 * The most digits that are read here. With so few, the number without its point and the power of ten are both exact, so their
 * quotient is the same number that `Number()` returns.
 */
const MAX_DIGITS = 15;
const POWERS = Float64Array.from({ length: MAX_DIGITS + 1 }, (_, exponent) => Number(`1e${exponent}`));
/** The most values of one line. */
const MAX_VALUES = 4096;

/** Reads the values of a metric, which stand between its name and its type, by their bytes. */
export class LineValues {
  readonly #isQueue: boolean;
  /** The numbers of the last read, and their count. The count is 0 if the value is text. */
  readonly numbers: Float64Array = new Float64Array(MAX_VALUES);
  count = 0;
  /** Whether any of the numbers has a sign, and whether there is only one and it is negative. */
  isSigned = false;
  isNegative = false;
  hasComma = false;

  constructor(grammar: Grammar) {
    this.#isQueue = grammar === 'queue';
  }

  /**
   * Reads the values that begin at `from`, and returns the place of the bar behind them. The value is text if `count` is 0.
   * Returns -1 if the plain decoder has to read the line.
   */
  read(bytes: Uint8Array, from: number, to: number): number {
    const bar = this.#readNumbers(bytes, from, to);
    if (bar >= 0) return bar;
    this.count = 0;
    this.isSigned = this.isNegative = this.hasComma = false;
    return this.#textEnd(bytes, from, to);
  }

  /** Reads numbers up to a bar, and returns the place of the bar. Returns -1 if anything but numbers stands there. */
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

  /** The place of the bar behind a value of text. -1 if there is no bar, or the text may be no value. */
  #textEnd(bytes: Uint8Array, from: number, to: number): number {
    // No value begins with a colon, because two colons belong to the name, or end it.
    if (bytes[from] === COLON || bytes[from] === BAR) return -1;
    for (let at = from; at < to; at++) {
      const byte = bytes[at]!;
      if (byte === BAR) return at;
      if (byte === NEWLINE || (byte === COLON && this.#isQueue)) return -1;
    }
    return -1;
  }
}
