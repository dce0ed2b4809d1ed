import { types } from 'node:util';
import { followGenerator, isGenerator } from './generator.js';
import { methodOf } from './method.js';
import { followObservable, isObservable } from './observable.js';
import { followPromise, isPlainPromise } from './promise.js';
import { FollowedThenable } from './thenable.js';
import type { Followed, Watch } from './watch.js';

const { isNativeError, isProxy } = types;

/**
 * Tells `watch` when the run that returned `result` is over: at once; when a promise or another thenable is settled; or, for
 * generators and RxJS Observables, when those have run. Returns the value for the caller: the result itself, or for a plain
 * promise another one derived from it.
 *
 * Node.js still reports a rejection that nobody handles. Lazy work still starts once, when it is awaited, iterated or subscribed
 * to. A frozen object counts as a plain value. So does a Proxy, because asking a lazy one for anything makes its object.
 */
export function follow<Run>(result: unknown, run: Run, watch: Watch<Run>): unknown {
  if ((typeof result !== 'object' && typeof result !== 'function') || result === null) {
    watch.end(run, 'success', result);
    return result;
  }
  const known = watch.known.get(result);
  if (known !== undefined) {
    known.join(run);
    return known.standIn;
  }
  let followed: Followed<Run> | undefined;
  try {
    followed = begin(result, run, watch);
  } catch (error) {
    // The stack has overflowed. It is the app's recursion that has to end.
    watch.end(run, 'failure', error);
    throw error;
  }
  if (followed === undefined) {
    watch.end(run, 'success', result);
    return result;
  }
  watch.known.set(result, followed);
  return followed.standIn;
}

/**
 * Undefined if there is nothing to wait for.
 *
 * @throws RangeError when the stack has overflowed, and nothing else.
 */
function begin<Run>(result: object, run: Run, watch: Watch<Run>): Followed<Run> | undefined {
  if (isProxy(result)) return undefined;
  try {
    // Most results have none of these names, and asking by name is the fastest test.
    if ('then' in result) {
      if (isPlainPromise(result)) return followPromise(result, run, watch);
      const then = methodOf(result, 'then');
      if (then !== undefined) return new FollowedThenable(result, then, run, watch);
    }
    if ('next' in result && isGenerator(result)) return followGenerator(result, run, watch);
    if ('subscribe' in result && isObservable(result)) return followObservable(result, run, watch);
  } catch (error) {
    if (isStackOverflow(error)) throw error;
    // The object is frozen, or a Proxy in its prototype chain refuses, so it stays as it is.
  }
  return undefined;
}

/** Also of another realm. */
function isStackOverflow(error: unknown): boolean {
  return isNativeError(error) && error.name === 'RangeError' && error.message.includes('call stack');
}
