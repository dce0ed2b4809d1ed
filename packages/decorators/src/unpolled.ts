import { later } from '@afstatsd/core/instrument';
import type { Member } from './member.js';
import { chain } from './owner.js';

/** What waits for a class's first instance. A class that is gone needs nobody who waits. */
const waiting = new WeakMap<object, Set<() => void>>();
/** Time after a class was defined within which its first instance is expected, in ms. */
const FIRST_INSTANCE_MS = 10_000;

/**
 * Legacy decorators don't hear of instances, so nobody can know that one was made and isn't polled. A class without a word
 * of polling, of which no instance was polled after a while, is all that can be seen of it.
 *
 * @param hasInstances - Whether an instance is, or was, polled.
 * @param say - Called once, if it looks as if nobody ever calls `Gauge.poll`.
 */
export function watchForPolls({ owner }: Member, hasInstances: () => boolean, say: () => void): void {
  if (owner === undefined || typeof owner === 'function' || mentionsPolling(owner)) return;
  const ofClass = waiting.get(owner) ?? new Set();
  waiting.set(owner, ofClass);
  const look = (): void => {
    ofClass.delete(look);
    if (!hasInstances()) say();
  };
  ofClass.add(look);
  // A class that polls has no timer.
  later(FIRST_INSTANCE_MS, look);
}

/** Whether the text of a class, or of one above it, has the word `poll`. Decorators and their options aren't in that text. */
function mentionsPolling(prototype: object): boolean {
  try {
    for (const holder of chain(prototype)) {
      const made: unknown = (holder as { constructor?: unknown }).constructor;
      if (typeof made === 'function' && /\bpoll\b/.test(Function.prototype.toString.call(made))) return true;
    }
    return false;
  } catch {
    return true; // a Proxy that refuses: nothing is known, so nothing is said
  }
}
