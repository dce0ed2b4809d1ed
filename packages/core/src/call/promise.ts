import { types } from 'node:util';
import { Settling } from './settling.js';
import type { Followed, Watch } from './watch.js';

/** Whether a value is a promise of the language itself, not a Proxy or a subclass. No code of the value runs. */
export function isPlainPromise(value: object): value is Promise<unknown> {
  return (
    types.isPromise(value) &&
    Object.getPrototypeOf(value) === Promise.prototype &&
    !Object.hasOwn(value, 'constructor')
  );
}

/** Listens in on a plain promise. Callers get a promise derived from it, always the same one. */
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
 * A promise that listens in, to be handed on instead of a plain one. A side branch of the original won't do, because that would
 * handle its rejection, or report it twice. The new promise shows the own properties of the original.
 */
export function derived(
  promise: Promise<unknown>,
  fulfilled: (value: unknown) => void,
  rejected: (error: unknown) => void,
): Promise<unknown> {
  // The prototype's `then`, because awaiting a plain promise doesn't call an own `then` of it, either.
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
