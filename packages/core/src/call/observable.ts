import { queueMicrotask } from '../host/timers.js';
import { type Method, methodOf } from './method.js';
import { shadow } from './shadow.js';
import { type End, isSubscriber, listenToSubscriber } from './subscriber.js';
import type { Followed, Watch } from './watch.js';

/** The part of an RxJS Observable that is used here. */
export interface ObservableLike {
  readonly subscribe: Method;
}

/** Whether a value is an RxJS Observable. Subjects don't count, because subscribing to one starts no work. */
export function isObservable(value: object): value is ObservableLike {
  if (methodOf(value, 'subscribe') === undefined) return false;
  if (methodOf(value, 'pipe') === undefined || methodOf(value, 'next') !== undefined) return false;
  const { observable } = Symbol as { observable?: symbol };
  return '@@observable' in value || (observable !== undefined && observable in value);
}

/**
 * Listens in on an Observable: each subscription is a run, from its beginning to completion, error or unsubscription. Values and
 * subscribers stay as they are.
 *
 * @throws TypeError if it is frozen.
 */
export function followObservable<Run>(
  observable: ObservableLike,
  deferred: Run,
  watch: Watch<Run>,
): Followed<Run> {
  const { subscribe } = observable;
  shadow(observable, 'subscribe', function (...args: unknown[]) {
    const run = watch.again(deferred);
    let ended = false;
    const end: End = (outcome, value) => {
      if (!ended) watch.end(run, outcome, value);
      ended = true;
    };
    let subscription: unknown;
    try {
      const call = (): unknown => Reflect.apply(subscribe, this, listenedTo(args, end) as never);
      subscription = watch.within === undefined ? call() : watch.within(run, call);
    } catch (error) {
      end('failure', error);
      throw error;
    }
    // A subscriber that has enough unsubscribes (`firstValueFrom`, `take`), and the source completes a moment later.
    if (isSubscription(subscription)) {
      subscription.add(() => queueMicrotask(() => end('cancelled', undefined)));
    }
    return subscription;
  });
  watch.end(deferred, 'deferred', undefined);
  return { standIn: observable, join: (another) => watch.end(another, 'deferred', undefined) };
}

function isSubscription(value: unknown): value is { add(teardown: () => void): unknown } {
  return typeof value === 'object' && value !== null && 'add' in value && typeof value.add === 'function';
}

/** Arguments for `subscribe` that hear of the end first, made of an operator's subscriber, an observer, or functions. */
function listenedTo(args: readonly unknown[], end: End): readonly unknown[] {
  const [first, error, complete] = args;
  if (isSubscriber(first)) {
    listenToSubscriber(first, end);
    return args;
  }
  const isObserver = typeof first === 'object' && first !== null;
  return [listeningObserver(isObserver ? first : { next: first, error, complete }, end)];
}

interface Observer {
  readonly next?: unknown;
  readonly error?: unknown;
  readonly complete?: unknown;
}

/** Looks handlers up at each event, as RxJS does, because an observer may change them. */
function listeningObserver(observer: Observer, end: End): object {
  return {
    next(value: unknown): void {
      const { next } = observer;
      if (typeof next === 'function') Reflect.apply(next, observer, [value]);
    },
    error(value: unknown): void {
      end('failure', value);
      const { error } = observer;
      // RxJS reports an error thrown by a handler in the same way as an error without a handler.
      if (typeof error !== 'function') throw value;
      Reflect.apply(error, observer, [value]);
    },
    complete(): void {
      end('success', undefined);
      const { complete } = observer;
      if (typeof complete === 'function') Reflect.apply(complete, observer, []);
    },
  };
}
