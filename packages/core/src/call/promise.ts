import { shadow } from './shadow.js';

type Reaction = (value: unknown) => void;

/** Whether a value is a promise of the language itself, whose `then` is the ordinary one. */
export function isPlainPromise(value: object): value is Promise<unknown> {
  return (
    value instanceof Promise &&
    Object.getPrototypeOf(value) === Promise.prototype &&
    !Object.hasOwn(value, 'then')
  );
}

/**
 * The promise to hand on in place of a plain one, which listens in. It stands in for the original because a side branch
 * would handle, or double, its rejection. What the original had as properties of its own, it has too.
 */
export function derived(
  promise: Promise<unknown>,
  fulfilled: Reaction,
  rejected: Reaction,
): Promise<unknown> {
  const result = promise.then(
    (value) => {
      fulfilled(value);
      return value;
    },
    (error: unknown) => {
      rejected(error);
      throw error;
    },
  );
  for (const key of Reflect.ownKeys(promise)) {
    if (Object.hasOwn(result, key)) continue;
    Reflect.defineProperty(result, key, Object.getOwnPropertyDescriptor(promise, key)!);
  }
  return result;
}

/**
 * Listens in on a thenable, once. Calling `then` may start its work, so it is not called here: the object gets a `then`
 * of its own.
 *
 * @param then - the one that it has.
 * @param started - called when `then` is called for the first time.
 * @throws TypeError if the object can't be given one.
 */
export function listenToThenable(
  thenable: object,
  then: (...args: never) => unknown,
  started: () => void,
  fulfilled: Reaction,
  rejected: Reaction,
): void {
  let state: 'waiting' | 'started' | 'settled' = 'waiting';
  const listen =
    (callback: unknown, tell: Reaction, otherwise: (value: unknown) => unknown) => (value: unknown) => {
      if (state === 'started') {
        state = 'settled';
        tell(value);
      }
      return typeof callback === 'function'
        ? (callback as (value: unknown) => unknown)(value)
        : otherwise(value);
    };
  shadow(thenable, 'then', function (onFulfilled: unknown, onRejected: unknown): unknown {
    if (state === 'waiting') {
      state = 'started';
      started();
    }
    return Reflect.apply(then, this, [
      listen(onFulfilled, fulfilled, (value) => value),
      listen(onRejected, rejected, (error) => {
        throw error;
      }),
    ] as never);
  });
}
