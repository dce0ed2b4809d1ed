import { inspect, types } from 'node:util';

/** Each check throws a `TypeError` or `RangeError` that names the argument and the value it had. */
export function checkInteger(argument: string, value: unknown, min: number, max: number): void {
  if (typeof value !== 'number') throw mismatch(argument, 'a number', value);
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new RangeError(`${argument} must be an integer from ${min} to ${max}; it is ${value}`);
  }
}

export function checkBoolean(argument: string, value: unknown): void {
  if (typeof value !== 'boolean') throw mismatch(argument, 'a boolean', value);
}

export function checkObject(argument: string, value: unknown): void {
  if (typeof value !== 'object' || value === null) throw mismatch(argument, 'an object', value);
}

export function checkBytes(argument: string, value: unknown): void {
  if (!types.isUint8Array(value)) throw mismatch(argument, 'a Uint8Array or Buffer', value);
}

/** Milliseconds: zero, positive, or `Infinity`. */
export function checkTimeout(argument: string, value: unknown): void {
  if (typeof value !== 'number') throw mismatch(argument, 'a number of milliseconds', value);
  if (!(value >= 0)) {
    throw new RangeError(`${argument} must be 0 ms or more, or Infinity; it is ${value}`);
  }
}

export function mismatch(argument: string, expected: string, value: unknown): TypeError {
  const shown = inspect(value, { depth: 0, maxArrayLength: 5, maxStringLength: 80 });
  return new TypeError(`${argument} must be ${expected}; it is ${shown}`);
}
