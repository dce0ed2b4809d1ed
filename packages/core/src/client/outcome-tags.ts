import type { Outcome } from '../call/watch.js';
import { ignoreRejection } from '../check/returned.js';
import type { Tags } from '../text/tags.js';

/** How a call ended. */
export interface Ended {
  /** `cancelled`: a generator or Observable was given up before its end. */
  readonly outcome: Exclude<Outcome, 'deferred'>;
  /** What the call returned, or its promise was fulfilled with. Undefined unless it succeeded. */
  readonly result: unknown;
  /** What the call threw, or its promise was rejected with. Undefined unless it failed. */
  readonly error: unknown;
}

/** Tags of a call that are known when it is over. They win over those that were given before. */
export type OutcomeTags = (ended: Ended) => Tags;

/** What a `Watch` is told of the end of a call. */
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
 * @param failed - Called with what the app's function threw; the call has its other tags then.
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
