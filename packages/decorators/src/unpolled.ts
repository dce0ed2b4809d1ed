import { later } from '@afstatsd/core/instrument';
import type { Member } from './member.js';
import { chain } from './owner.js';

/** Timers that wait for a class's first instance. They go with the class. */
const waiting = new WeakMap<object, Set<() => void>>();
/** Time after a class was defined within which its first instance is expected, in ms. */
const FIRST_INSTANCE_MS = 10_000;

/**
 * Legacy decorators don't hear of instances, so an instance that isn't polled can't be seen. A forgotten `Gauge.poll` is guessed
 * from two signs: the class's text doesn't mention polling, and no instance was polled after a while.
 *
 * @param hasInstances - Whether an instance is, or was, polled.
 * @param say - Called once, if `Gauge.poll` seems to be forgotten.
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

/** Whether the text of a class, or of one that it extends, has the word `poll`. That text has no decorators and their options. */
function mentionsPolling(prototype: object): boolean {
  try {
    for (const holder of chain(prototype)) {
      const made: unknown = (holder as { constructor?: unknown }).constructor;
      if (typeof made === 'function' && /\bpoll\b/.test(Function.prototype.toString.call(made))) return true;
    }
    return false;
  } catch {
    return true; // a Proxy that refuses, so no warning is given
  }
}
