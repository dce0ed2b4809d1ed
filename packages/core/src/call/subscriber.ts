import { queueMicrotask } from '../host/timers.js';
import { shadow } from './shadow.js';
import type { Outcome } from './watch.js';

type Method = (this: unknown, ...args: never) => unknown;
/** Gets the end of a stream. */
export type End = (outcome: Outcome, value: unknown) => void;

/** The part of an RxJS Subscriber that is used here. */
export interface SubscriberLike {
  error: Method;
  complete: Method;
  add(teardown: () => void): unknown;
}

/** Whether a value is a Subscriber, by the same criterion as RxJS has: both an observer and a subscription. */
export function isSubscriber(value: unknown): value is SubscriberLike {
  if (typeof value !== 'object' || value === null || !('closed' in value)) return false;
  const methods = ['next', 'error', 'complete', 'add', 'remove', 'unsubscribe'];
  return methods.every((method) => typeof (value as Record<string, unknown>)[method] === 'function');
}

const listeners = new WeakMap<SubscriberLike, Set<End>>();

/**
 * Tells `end` how a Subscriber's stream ends. Subscribers are chained, so none can be wrapped; its methods are shadowed until
 * the end. Operators may hand the same Subscriber to many sources in turn.
 */
export function listenToSubscriber(subscriber: SubscriberLike, end: End): void {
  const known = listeners.get(subscriber);
  if (known !== undefined) {
    known.add(end);
    return;
  }
  const ends = new Set([end]);
  listeners.set(subscriber, ends);
  const restorers = (['error', 'complete'] as const).map((key) => {
    const own = Object.getOwnPropertyDescriptor(subscriber, key);
    const method = subscriber[key];
    shadow(subscriber, key, function (...args) {
      for (const tell of ends) tell(key === 'error' ? 'failure' : 'success', args[0]);
      restore();
      return Reflect.apply(method, this, args);
    });
    return () => {
      if (own === undefined) delete (subscriber as Partial<SubscriberLike>)[key];
      else Object.defineProperty(subscriber, key, own);
    };
  });
  const restore = (): void => {
    if (listeners.get(subscriber) !== ends) return;
    listeners.delete(subscriber);
    for (const one of restorers) one();
  };
  subscriber.add(() => queueMicrotask(restore));
}
