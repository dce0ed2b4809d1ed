type AnyFunction = (...args: never) => unknown;

/** Gives a wrapper of `fn` its name, length, prototype and own properties, and returns the wrapper. */
export function disguise<F extends AnyFunction>(wrapper: AnyFunction, fn: F): F {
  const prototype = Object.getPrototypeOf(fn) as object | null;
  if (prototype !== Object.getPrototypeOf(wrapper)) Object.setPrototypeOf(wrapper, prototype);
  Object.defineProperties(wrapper, Object.getOwnPropertyDescriptors(fn));
  return wrapper as F;
}
