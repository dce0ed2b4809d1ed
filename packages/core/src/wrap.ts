type AnyFunction = (...args: never) => unknown;

/**
 * A function that does what `fn` does, and times it: from the call to its return or throw or, when it returns a promise
 * or another thenable, to when that is settled. `record` gets the duration in ms.
 *
 * The caller sees no difference: same `this`, arguments, result, error, name, length and properties; it can be called
 * with `new` if `fn` can. A rejection that nobody handles is still reported as such, and a thenable that starts its work
 * when it is awaited still starts it then, once.
 */
export function timed<F extends AnyFunction>(fn: F, record: (ms: number) => void): F {
  return disguised(fn, (call) => {
    const begin = performance.now();
    const done = (): void => record(performance.now() - begin);
    let result: unknown;
    try {
      result = call();
    } catch (error) {
      done();
      throw error;
    }
    return whenSettled(result, done);
  });
}

/** A function that does what `fn` does, and calls `record` before. */
export function counted<F extends AnyFunction>(fn: F, record: () => void): F {
  return disguised(fn, (call) => {
    record();
    return call();
  });
}

function disguised<F extends AnyFunction>(fn: F, around: (call: () => unknown) => unknown): F {
  const wrapper = function (this: unknown, ...args: unknown[]): unknown {
    const target = new.target;
    return around(() =>
      target === undefined
        ? Reflect.apply(fn, this, args as never)
        : Reflect.construct(fn, args, target === (wrapper as unknown) ? fn : target),
    );
  };
  Object.setPrototypeOf(wrapper, Object.getPrototypeOf(fn) as object | null);
  Object.defineProperties(wrapper, Object.getOwnPropertyDescriptors(fn));
  return wrapper as unknown as F;
}

/** Calls `done` once when the result is settled, at once if there is nothing to wait for. Returns what the caller gets instead. */
function whenSettled(result: unknown, done: () => void): unknown {
  if (isPlainPromise(result)) {
    // The derived promise stands in for the original: a side branch would handle, or double, its rejection.
    const derived = result.then(
      (value) => {
        done();
        return value;
      },
      (error: unknown) => {
        done();
        throw error;
      },
    );
    return Object.defineProperties(derived, Object.getOwnPropertyDescriptors(result));
  }
  if (!shadowThen(result, done)) done();
  return result;
}

function isPlainPromise(value: unknown): value is Promise<unknown> {
  return (
    value instanceof Promise &&
    Object.getPrototypeOf(value) === Promise.prototype &&
    !Object.hasOwn(value, 'then')
  );
}

type Then = (onFulfilled?: unknown, onRejected?: unknown) => unknown;

/** Calling `then` may start a thenable's work, so it is not called here: the object gets a `then` of its own that listens in. */
function shadowThen(result: unknown, done: () => void): boolean {
  if ((typeof result !== 'object' && typeof result !== 'function') || result === null) return false;
  try {
    const { then } = result as { then?: unknown };
    if (typeof then !== 'function') return false;
    let settled = false;
    const listen = (callback: unknown, otherwise: (value: unknown) => unknown) => (value: unknown) => {
      if (!settled) {
        settled = true;
        done();
      }
      return typeof callback === 'function'
        ? (callback as (value: unknown) => unknown)(value)
        : otherwise(value);
    };
    const shadow: Then = function (this: unknown, onFulfilled, onRejected) {
      return Reflect.apply(then, this, [
        listen(onFulfilled, (value) => value),
        listen(onRejected, (error) => {
          throw error;
        }),
      ]) as unknown;
    };
    Object.defineProperty(result, 'then', {
      value: shadow,
      writable: true,
      configurable: true,
      enumerable: false,
    });
    return true;
  } catch {
    return false; // frozen, or a getter that throws: not ours to change
  }
}
