import { MAX_DELAY_MS } from '../host/timers.js';
import type { Check } from './options.js';

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** Rules that many options have. */
export const CHECKS: Readonly<Record<'boolean' | 'delay' | 'function' | 'sampleRate', Check>> = {
  boolean: { must: 'be true or false', accepts: (value) => typeof value === 'boolean' },
  function: { must: 'be a function', accepts: (value) => typeof value === 'function' },
  delay: {
    must: `be a number of ms from 0 to ${MAX_DELAY_MS}`,
    accepts: (value) => typeof value === 'number' && value >= 0 && value <= MAX_DELAY_MS,
  },
  sampleRate: {
    must: 'be a number above 0 and up to 1',
    accepts: (value) => typeof value === 'number' && value > 0 && value <= 1,
  },
};

/** The rule of integers from `least` on, up to `most` if that is given. */
export function integer(least: number, most: number = Infinity): Check {
  // Formatted by hand, because the tables of `Intl` take 5 ms and 4 MB to load.
  const format = (number: number): string => String(number).replace(/\B(?=(\d{3})+$)/g, ',');
  return {
    must: `be an integer ${most === Infinity ? `of at least ${least}` : `from ${least} to ${format(most)}`}`,
    accepts: (value) => Number.isInteger(value) && (value as number) >= least && (value as number) <= most,
  };
}

/**
 * The rule of an option that is one of a few texts.
 *
 * @param values - The texts.
 */
export function oneOf(values: readonly string[]): Check {
  return {
    must: `be one of ${values.join(', ')}`,
    accepts: (value) => typeof value === 'string' && values.includes(value),
  };
}

/**
 * Whether something is an object with all of these methods.
 *
 * @param value - Anything.
 * @param methods - The names of the methods.
 */
export function hasMethods(value: unknown, ...methods: readonly string[]): boolean {
  return isObject(value) && methods.every((method) => typeof value[method] === 'function');
}
