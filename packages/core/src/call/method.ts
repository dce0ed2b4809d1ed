import { types } from 'node:util';

/** A function of an object or of what it inherits from. */
export type Method = (this: unknown, ...args: never) => unknown;

/**
 * The method that an object has under a name. No code of the object runs: a getter may do work, so it counts as no method, and
 * a Proxy is never asked.
 *
 * @param value - no Proxy itself.
 */
export function methodOf(value: object, key: string): Method | undefined {
  for (let holder = value; holder !== null; holder = Object.getPrototypeOf(holder) as object) {
    if (types.isProxy(holder)) return undefined;
    const property = Object.getOwnPropertyDescriptor(holder, key);
    if (property === undefined) continue;
    const method: unknown = property.value;
    return typeof method === 'function' ? (method as Method) : undefined;
  }
  return undefined;
}
