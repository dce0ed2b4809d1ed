/**
 * Gives an object a method of its own in front of the one that it has, so that the object stays the one that it is.
 *
 * @throws TypeError if the object is frozen, or is a Proxy that refuses.
 */
export function shadow(
  target: object,
  key: string,
  method: (this: unknown, ...args: never) => unknown,
): void {
  Object.defineProperty(target, key, {
    value: method,
    writable: true,
    configurable: true,
    enumerable: Object.getOwnPropertyDescriptor(target, key)?.enumerable ?? false,
  });
}
