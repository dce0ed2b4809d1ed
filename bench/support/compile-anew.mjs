import { runInThisContext } from 'node:vm';

let copies = 0;

/**
 * The same function, compiled from text of its own, as an app's functions are. V8 keeps what it learns of a
 * function by its place in the text: cases that share one would all be as slow as the most varied use of it.
 *
 * @param fn - may refer to its parameters and to globals only.
 */
export function compileAnew(fn) {
  // The number keeps V8 from finding the text in its cache.
  return runInThisContext(`(${fn}) // ${++copies}`);
}
