const NONE = '-';
const STEPS = ['', 'k', 'M', 'G', 'T'] as const;
const MS_PER_SECOND = 1_000;
const MS_PER_MINUTE = 60_000;

/** A number with three significant digits: `0.12`, `12.3`, and `1.23k` for 1,230. */
export function number(value: number | null | undefined): string {
  if (value === null || value === undefined) return NONE;
  if (Number.isInteger(value) && Math.abs(value) < 10_000) return String(value);
  let [size, step] = [value, 0];
  while (Math.abs(size) >= 1_000 && step < STEPS.length - 1) {
    size /= 1_000;
    step++;
  }
  const size3 = Math.abs(size);
  if (size3 >= 1_000 || (size3 > 0 && size3 < 0.001)) return size.toExponential(1).replace('e+', 'e');
  return `${Number(size.toPrecision(3))}${STEPS[step]}`;
}

/** A value with its unit: `ms`, `bytes`, or empty if it isn't known. */
export function measure(value: number | null | undefined, unit: string): string {
  if (value === null || value === undefined) return NONE;
  if (unit === 'bytes') return `${number(value)}B`;
  if (unit !== 'ms') return number(value);
  const size = Math.abs(value);
  if (size >= MS_PER_MINUTE) return `${number(value / MS_PER_MINUTE)}min`;
  if (size >= MS_PER_SECOND) return `${number(value / MS_PER_SECOND)}s`;
  return size > 0 && size < 1 ? `${number(value * 1_000)}µs` : `${number(value)}ms`;
}

/** A duration in its largest unit: `5s`, `12min`, `3.4h`, `20d`. It is given in ms. */
export function age(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / MS_PER_SECOND));
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)}min`;
  return seconds < 172_800 ? `${Math.floor(seconds / 360) / 10}h` : `${Math.floor(seconds / 86_400)}d`;
}
