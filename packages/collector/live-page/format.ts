import type { LiveKind, Value } from '../src/live/api.js';

const NONE = '–';
const DIGITS = new Map<number, Intl.NumberFormat>();

/** A number with about three digits that count, and none that say nothing. */
export function number(value: Value | undefined): string {
  if (value === null || value === undefined) return NONE;
  const size = Math.abs(value);
  const decimals = Number.isInteger(value) ? 0 : Math.max(0, Math.min(9, 2 - Math.floor(Math.log10(size))));
  let format = DIGITS.get(decimals);
  if (format === undefined)
    DIGITS.set(decimals, (format = new Intl.NumberFormat('en', { maximumFractionDigits: decimals })));
  return format.format(value);
}

/** A number a second. */
export function rate(value: Value | undefined): string {
  return value === null || value === undefined ? NONE : `${number(value)} /s`;
}

/** A duration, given in ms. */
export function duration(ms: Value | undefined): string {
  if (ms === null || ms === undefined) return NONE;
  if (ms !== 0 && Math.abs(ms) < 1) return `${number(ms * 1_000)} µs`;
  if (Math.abs(ms) >= 60_000) return `${number(ms / 60_000)} min`;
  return Math.abs(ms) >= 1_000 ? `${number(ms / 1_000)} s` : `${number(ms)} ms`;
}

const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

export function bytes(value: Value | undefined): string {
  if (value === null || value === undefined) return NONE;
  let [size, unit] = [value, 0];
  while (Math.abs(size) >= 1_000 && unit < BYTE_UNITS.length - 1) {
    size /= 1_000;
    unit++;
  }
  return `${number(size)} ${BYTE_UNITS[unit]}`;
}

/** A share of 1, in per cent. */
export function percent(share: Value | undefined): string {
  if (share === null || share === undefined) return NONE;
  return share === 0 || share === 1
    ? `${100 * share} %`
    : `${(100 * share).toFixed(share < 0.001 ? 3 : 2)} %`;
}

/** A value of a column, with its unit. */
export function valueText(column: string, unit: string, value: Value | undefined): string {
  if (column === 'rate') return rate(value);
  return unit === 'ms' ? duration(value) : unit === 'bytes' ? bytes(value) : number(value);
}

/** The column by which a series is known in lists. */
export function mainColumn(kind: LiveKind): string {
  return { counter: 'rate', gauge: 'value', timer: 'p95', histogram: 'p95', set: 'distinct' }[kind];
}

export function clock(ms: number): string {
  return new Date(ms).toLocaleTimeString('en-GB');
}

/** How long ago something was, roughly. */
export function ago(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  return seconds < 3_600 ? `${Math.floor(seconds / 60)} min` : `${number(Math.floor(seconds / 360) / 10)} h`;
}
