import { types } from 'node:util';
import { Settling } from './settling.js';
import type { Followed, Watch } from './watch.js';

/** Whether a value is a promise as the language makes them: no Proxy, of no other class. No code of the value's own is run. */
export function isPlainPromise(value: object): value is Promise<unknown> {
  return (
    types.isPromise(value) &&
    Object.getPrototypeOf(value) === Promise.prototype &&
    !Object.hasOwn(value, 'constructor')
  );
}

/** Listens in on a plain promise. Callers get one that is derived from it, always the same. */
export function followPromise<Run>(promise: Promise<unknown>, run: Run, watch: Watch<Run>): Followed<Run> {
  const settling = new Settling(promise, [run], watch);
  settling.standIn = derived(
    promise,
    (value) => settling.settle('success', value),
    (error) => settling.settle('failure', error),
  );
  return settling;
}

/**
 * The promise to hand on in place of a plain one, which listens in. It stands in for the original because a side branch
 * would handle, or double, its rejection. What the original has as properties of its own, it shows too.
 */
export function derived(
  promise: Promise<unknown>,
  fulfilled: (value: unknown) => void,
  rejected: (error: unknown) => void,
): Promise<unknown> {
  // Not by its own `then`, if it has one: awaiting a plain promise doesn't call that, either.
  const result: Promise<unknown> = Reflect.apply(Promise.prototype.then, promise, [
    (value: unknown) => {
      fulfilled(value);
      return value;
    },
    (error: unknown) => {
      rejected(error);
      throw error;
    },
  ]);
  for (const key of Reflect.ownKeys(promise)) {
    if (!Object.hasOwn(result, key)) Reflect.defineProperty(result, key, window(promise, key));
  }
  return result;
}

/** A property that shows, and sets, another object's. */
function window(target: object, key: string | symbol): PropertyDescriptor {
  return {
    get: () => Reflect.get(target, key) as unknown,
    set: (value: unknown) => void Reflect.set(target, key, value),
    enumerable: Object.getOwnPropertyDescriptor(target, key)!.enumerable!,
    configurable: true,
  };
}
