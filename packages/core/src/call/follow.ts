import { followGenerator, isGenerator } from './generator.js';
import { followObservable, isObservable } from './observable.js';
import { derived, isPlainPromise, listenToThenable } from './promise.js';
import type { Watch } from './watch.js';

/** Who follows an object already: a function that returns the same object again and again is not to be told of it as often. */
const followers = new WeakMap<object, Set<object>>();

/**
 * Tells `watch` when the run is over that has returned `result`: at once; when a promise or another thenable is settled;
 * or, for generators and RxJS Observables, when those have been run. Returns what the caller gets: the result itself, or
 * for a plain promise one that is derived from it.
 *
 * A rejection that nobody handles is still reported as such, and what starts its work only when it is awaited, iterated
 * or subscribed to still starts it then, once. An object that can't be changed counts as a plain value.
 */
export function follow<Run>(result: unknown, run: Run, watch: Watch<Run>): unknown {
  if ((typeof result !== 'object' && typeof result !== 'function') || result === null) {
    watch.end(run, 'success', result);
    return result;
  }
  if (isPlainPromise(result)) {
    return derived(
      result,
      (value) => watch.end(run, 'success', value),
      (error) => watch.end(run, 'failure', error),
    );
  }
  const later = followLater(result, run, watch);
  watch.end(run, later ? 'deferred' : 'success', later ? undefined : result);
  return result;
}

/** Whether the object does its work later; then it is listened to. */
function followLater<Run>(result: object, run: Run, watch: Watch<Run>): boolean {
  try {
    const { then } = result as { then?: unknown };
    if (typeof then === 'function') {
      if (!isNewTo(result, watch)) return false;
      listenToThenable(
        result,
        then as (...args: never) => unknown,
        // The clock has run since the call, for most thenables have, too.
        () => void watch.again(run),
        (value) => watch.end(run, 'success', value),
        (error) => watch.end(run, 'failure', error),
      );
      return true;
    }
    if (isGenerator(result)) {
      if (!isNewTo(result, watch)) return false;
      followGenerator(result, run, watch);
      return true;
    }
    if (isObservable(result)) {
      if (!isNewTo(result, watch)) return false;
      followObservable(result, run, watch);
      return true;
    }
  } catch {
    // Frozen, or a getter or trap that throws: not ours to change.
  }
  return false;
}

function isNewTo(result: object, watch: object): boolean {
  const known = followers.get(result);
  if (known === undefined) followers.set(result, new Set([watch]));
  else if (known.has(watch)) return false;
  else known.add(watch);
  return true;
}
