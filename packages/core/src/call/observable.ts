import { shadow } from './shadow.js';
import type { Outcome, Watch } from './watch.js';

type Method = (this: unknown, ...args: never) => unknown;
type Handler = (value: unknown) => unknown;

/** What this needs of an RxJS Observable. */
export interface ObservableLike {
  readonly subscribe: Method;
}

/** Whether a value is an RxJS Observable. A Subject is none here: it is nobody's call that runs, but a thing to push into. */
export function isObservable(value: object): value is ObservableLike {
  const { subscribe, pipe, next } = value as Record<string, unknown>;
  if (typeof subscribe !== 'function' || typeof pipe !== 'function' || typeof next === 'function')
    return false;
  const { observable } = Symbol as { observable?: symbol };
  return '@@observable' in value || (observable !== undefined && observable in value);
}

/**
 * Listens in on an Observable: each subscription is a run, from its beginning to completion, error or unsubscription. What
 * goes through it, and who gets it, stays as it is.
 *
 * @throws TypeError if it is frozen.
 */
export function followObservable<Run>(observable: ObservableLike, deferred: Run, watch: Watch<Run>): void {
  const { subscribe } = observable;
  shadow(observable, 'subscribe', function (...args: unknown[]) {
    const run = watch.again(deferred);
    let ended = false;
    const end = (outcome: Outcome, value: unknown): void => {
      if (!ended) watch.end(run, outcome, value);
      ended = true;
    };
    let subscription: unknown;
    try {
      subscription = Reflect.apply(subscribe, this, listenedTo(args, end) as never);
    } catch (error) {
      end('failure', error);
      throw error;
    }
    // It is called at once if all is over by now.
    if (isSubscription(subscription)) subscription.add(() => end('cancelled', undefined));
    return subscription;
  });
}

interface SubscriptionLike {
  add(teardown: () => void): unknown;
}

function isSubscription(value: unknown): value is SubscriptionLike {
  return typeof value === 'object' && value !== null && 'add' in value && typeof value.add === 'function';
}

/** The arguments of `subscribe`, so that they hear of the end first: an operator's subscriber, an observer, or functions. */
function listenedTo(args: readonly unknown[], end: (outcome: Outcome, value: unknown) => void): unknown[] {
  const [first] = args;
  if (typeof first !== 'object' || first === null) {
    const [next, error, complete] = args;
    return [next, onError(error, undefined, end), onComplete(complete, undefined, end)];
  }
  if ('unsubscribe' in first && isSubscription(first)) {
    listenToSubscriber(first as unknown as Subscriber, end);
    return [...args];
  }
  const { next, error, complete } = first as Record<string, unknown>;
  const observer: Record<string, unknown> = {
    error: onError(error, first, end),
    complete: onComplete(complete, first, end),
  };
  if (typeof next === 'function') observer['next'] = (value: unknown) => Reflect.apply(next, first, [value]);
  return [observer];
}

function onError(handler: unknown, self: unknown, end: (outcome: Outcome, value: unknown) => void): Handler {
  return (error) => {
    end('failure', error);
    // RxJS reports what a handler throws as it reports an error that has no handler.
    if (typeof handler !== 'function') throw error;
    return Reflect.apply(handler, self, [error]);
  };
}

function onComplete(
  handler: unknown,
  self: unknown,
  end: (outcome: Outcome, value: unknown) => void,
): () => unknown {
  return () => {
    end('success', undefined);
    return typeof handler === 'function' ? Reflect.apply(handler, self, []) : undefined;
  };
}

interface Subscriber extends SubscriptionLike {
  error: Method;
  complete: Method;
}

/** A subscriber is linked to those after it, and nothing can be put between: it gets methods of its own until the end. */
function listenToSubscriber(subscriber: Subscriber, end: (outcome: Outcome, value: unknown) => void): void {
  const before = (['error', 'complete'] as const).map((key) => {
    const own = Object.getOwnPropertyDescriptor(subscriber, key);
    const method = subscriber[key];
    const restore = (): void => {
      if (own === undefined) delete (subscriber as Partial<Subscriber>)[key];
      else Object.defineProperty(subscriber, key, own);
    };
    shadow(subscriber, key, function (...args) {
      end(key === 'error' ? 'failure' : 'success', args[0]);
      restoreAll();
      return Reflect.apply(method, this, args);
    });
    return restore;
  });
  const restoreAll = (): void => before.splice(0).forEach((restore) => restore());
  subscriber.add(restoreAll);
}
