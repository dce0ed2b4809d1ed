import { cleanName, describe } from '../instrument.js';
import type { RecordedMetric } from './recorded.js';

/** A matcher of Jest or Vitest that stands for a value: `expect.any(Number)`, `expect.closeTo(0.3)`. */
export interface AsymmetricMatcher {
  /**
   * Whether a value is right.
   *
   * @param value - What was recorded.
   */
  asymmetricMatch(value: unknown): boolean;
}

/** A value, what stands for one, or a function that says whether a value is right. */
export type Expected<T> = T | AsymmetricMatcher | ((value: T) => boolean);

/** Tags that a metric is to have, at least. `null` and `undefined` ask for nothing, as in calls. */
export type ExpectedTags = Readonly<Record<string, Expected<string> | boolean | number | null | undefined>>;

/** Sums of fractions differ in their last digits. */
const TOLERANCE = 1e-9;

export function isAsymmetric(value: unknown): value is AsymmetricMatcher {
  return typeof (Object(value) as Partial<AsymmetricMatcher>).asymmetricMatch === 'function';
}

/** Whether a value is what was expected. */
export function fits<T>(expected: Expected<T>, value: T): boolean {
  if (isAsymmetric(expected)) return expected.asymmetricMatch(value);
  if (typeof expected === 'function') return (expected as (value: T) => boolean)(value);
  if (typeof expected === 'number' && typeof value === 'number') {
    return Math.abs(expected - value) <= TOLERANCE * Math.max(Math.abs(expected), Math.abs(value));
  }
  return expected === value;
}

/** Whether a metric has this name, and at least these tags. */
export function isMeant(metric: RecordedMetric, name: string, tags: ExpectedTags): boolean {
  if (metric.name !== cleanName(name)) return false;
  return Object.entries(tags).every(([key, expected]) => {
    if (expected === null || expected === undefined) return true;
    const value = Object.hasOwn(metric.tags, key) ? metric.tags[key]! : undefined;
    if (value === undefined) return false;
    const isText = typeof expected === 'number' || typeof expected === 'boolean';
    return fits(isText ? String(expected) : expected, value);
  });
}

/** An expected value in a message. */
export function show(expected: unknown): string {
  if (Array.isArray(expected)) return `[${expected.map(show).join(', ')}]`;
  if (typeof expected === 'function') return `what ${expected.name || 'the function'} accepts`;
  if (isAsymmetric(expected)) {
    const { toAsymmetricMatcher } = expected as { toAsymmetricMatcher?: () => string };
    return typeof toAsymmetricMatcher === 'function' ? toAsymmetricMatcher.call(expected) : 'a match';
  }
  return describe(expected);
}

/** Tags in a message, with a blank before them: ` {method: "card"}`. */
export function showTags(tags: ExpectedTags): string {
  const entries = Object.entries(tags).filter(([, value]) => value !== null && value !== undefined);
  if (entries.length === 0) return '';
  return ` {${entries.map(([key, value]) => `${key}: ${typeof value === 'string' ? value : show(value)}`).join(', ')}}`;
}
