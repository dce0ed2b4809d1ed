import { disguise } from '@afstatsd/core/instrument';

type Method = (...args: never) => unknown;

/**
 * Puts a function around a method of a prototype, which keeps its name, length and own properties.
 *
 * @param wrap - makes the new method of the old one. The new one has to hand on `this`, arguments, result and errors.
 * @throws TypeError if there is no such method, so that an unknown version is left alone.
 */
export function replace<F extends Method>(prototype: unknown, name: string, wrap: (method: F) => F): void {
  const own = Object.getOwnPropertyDescriptor(Object(prototype), name);
  const method: unknown = own?.value;
  if (typeof method !== 'function') throw new TypeError(`there is no method "${name}"`);
  const value = disguise(wrap(method as F), method as F);
  Object.defineProperty(prototype, name, { ...own, value });
}
