import { types } from 'node:util';
import { describe } from '../text/describe.js';

/**
 * Handles the rejection of a promise that a callback returned, where nothing waits for promises: it would be nobody's, and end
 * the process. Any other value is left alone.
 *
 * @param value - anything that a callback returned.
 */
export function ignoreRejection(value: unknown): void {
  try {
    if (types.isPromise(value)) value.then(undefined, () => {});
  } catch {
    // A promise with a `then` of its own, which throws: then there is no rejection to wait for.
  }
}

/**
 * Shows a value that a callback shouldn't have returned, for a warning: like {@link describe}, but a promise by its name.
 *
 * @param value - anything.
 */
export function describeReturned(value: unknown): string {
  return types.isPromise(value) ? 'a promise, which nothing waits for' : describe(value);
}
