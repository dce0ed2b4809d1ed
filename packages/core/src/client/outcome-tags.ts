import type { Outcome } from '../call/watch.js';
import { ignoreRejection } from '../check/returned.js';
import type { Tags } from '../text/tags.js';

/** How a call ended. */
export interface Ended {
  /** `cancelled`: a generator or Observable was given up before its end. */
  readonly outcome: Exclude<Outcome, 'deferred'>;
  /** The returned value, or the value of the promise. Undefined unless the call succeeded. */
  readonly result: unknown;
  /** The thrown error, or the reason of the rejected promise. Undefined unless the call failed. */
  readonly error: unknown;
}

/** Returns tags of a call that has ended. They win over tags that were given before. */
export type OutcomeTags = (ended: Ended) => Tags;

/** The end of a call, as a `Watch` reports it. */
export interface EndedWith {
  /** How it ended. */
  readonly outcome: Ended['outcome'];
  /** The result, the value of a promise, or the error. */
  readonly value: unknown;
}

/**
 * The tags of a call that has ended. Never throws.
 *
 * @param outcomeTags - The app's function.
 * @param before - The tags that are known already.
 * @param ended - How the call ended, and its result or error.
 * @param failed - Called with the error if the app's function throws. The call then has only the tags of `before`.
 */
export function tagsAtEnd(
  outcomeTags: OutcomeTags,
  before: Tags | undefined,
  { outcome, value }: EndedWith,
  failed: (error: unknown) => void,
): Tags | undefined {
  try {
    const result = outcome === 'success' ? value : undefined;
    const error = outcome === 'failure' ? value : undefined;
    const tags = outcomeTags({ outcome, result, error });
    ignoreRejection(tags); // of an async function, which gives no tags
    return { ...before, ...tags };
  } catch (error) {
    failed(error);
    return before;
  }
}
