import { followGenerator, isGenerator } from './generator.js';
import { followObservable, isObservable } from './observable.js';
import { followPromise, isPlainPromise } from './promise.js';
import { FollowedThenable } from './thenable.js';
import type { Followed, Watch } from './watch.js';

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
  const known = watch.known.get(result);
  if (known !== undefined) {
    known.join(run);
    return known.standIn;
  }
  const followed = begin(result, run, watch);
  if (followed === undefined) {
    watch.end(run, 'success', result);
    return result;
  }
  watch.known.set(result, followed);
  return followed.standIn;
}

/** Undefined if there is nothing to wait for. */
function begin<Run>(result: object, run: Run, watch: Watch<Run>): Followed<Run> | undefined {
  try {
    if (isPlainPromise(result)) return followPromise(result, run, watch);
    const { then } = result as { then?: unknown };
    if (typeof then === 'function') return new FollowedThenable(result, then as () => unknown, run, watch);
    if (isGenerator(result)) return followGenerator(result, run, watch);
    if (isObservable(result)) return followObservable(result, run, watch);
  } catch {
    // Frozen, or a getter or trap that throws: not ours to change.
  }
  return undefined;
}
