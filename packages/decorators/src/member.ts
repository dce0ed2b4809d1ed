import { describe } from '@afstatsd/core/instrument';

export type AnyFunction = (this: unknown, ...args: never) => unknown;

/** The method or getter that a decorator stands on. */
export interface Member {
  /** That of a `#private` one begins with `#`. */
  readonly key: string | symbol;
  readonly kind: 'method' | 'getter';
  readonly static: boolean;
  /** Private ones can't be looked up by their key. */
  readonly private: boolean;
  /** The class that has it, if it is static, or else the prototype. Standard decorators aren't told. */
  readonly owner: object | undefined;
}

/** Where a decorator stands, for messages: `Cart.checkout`, `"checkout"` if the class isn't known. */
export function placeOf({ key, owner }: Pick<Member, 'key' | 'owner'>): string {
  if (owner !== undefined) return `${className(owner)}.${String(key)}`;
  return typeof key === 'symbol' ? String(key) : describe(key);
}

/** The last part of a metric's name, where none is given. */
export function keyName(key: string | symbol): string {
  return typeof key === 'symbol' ? (key.description ?? 'symbol') : key;
}

/** The name of a class, given as itself or as its prototype. */
export function className(owner: object): string {
  const constructor: unknown =
    typeof owner === 'function' ? owner : Object.getOwnPropertyDescriptor(owner, 'constructor')?.value;
  const name: unknown =
    typeof constructor === 'function'
      ? Object.getOwnPropertyDescriptor(constructor, 'name')?.value
      : undefined;
  return typeof name === 'string' && name !== '' ? name : 'anonymous';
}

/** The function behind a method or getter of an object's own. No getter is called. */
export function functionAt(holder: object, key: string | symbol): AnyFunction | undefined {
  const descriptor = Object.getOwnPropertyDescriptor(holder, key);
  const fn: unknown = descriptor?.get ?? descriptor?.value;
  return typeof fn === 'function' ? (fn as AnyFunction) : undefined;
}
