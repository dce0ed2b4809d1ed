type AnyFunction = (...args: never) => unknown;

/** Makes a wrapper look like the function that it wraps: name, length, prototype and own properties. */
export function disguise<F extends AnyFunction>(wrapper: AnyFunction, fn: F): F {
  const prototype = Object.getPrototypeOf(fn) as object | null;
  if (prototype !== Object.getPrototypeOf(wrapper)) Object.setPrototypeOf(wrapper, prototype);
  Object.defineProperties(wrapper, Object.getOwnPropertyDescriptors(fn));
  return wrapper as F;
}
