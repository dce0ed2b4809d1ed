import { AsyncResource } from 'node:async_hooks';

const outside = new AsyncResource('afstatsd');
// It is nothing that is open, as tools that look for open handles would take it.
outside.emitDestroy();

/**
 * Makes something that outlives the caller, such as a timer. It belongs to no asynchronous context of the caller's: it would
 * hold what the app's `AsyncLocalStorage` has there, such as a request, or a test of Jest's.
 */
export function makeOutside<T>(make: () => T): T {
  return outside.runInAsyncScope(make);
}

/** A function that calls `call` as long as somebody else holds that. */
export function weakly<A extends unknown[]>(call: (...args: A) => void): (...args: A) => void {
  const held = new WeakRef(call);
  return (...args) => held.deref()?.(...args);
}

const leftBehind = new FinalizationRegistry<() => unknown>((close) => close());

/**
 * Closes something when nobody holds its owner any more, as with a test file that a test runner has ended.
 *
 * @param close - It is held until then, with all of its realm, so it is a function of this file or of koffi. It mustn't hold
 * the owner.
 * @param what - what it is called with.
 * @param token - what `noteClosed` knows it by.
 */
export function closeWhenGone<T>(owner: object, close: (what: T) => unknown, what: T, token: object): void {
  leftBehind.register(owner, () => close(what), token);
}

/** Notes that it was closed, so that it isn't closed again when its owner is gone. */
export function noteClosed(token: object): void {
  leftBehind.unregister(token);
}

export function closeSocket(socket: { close(): unknown }): void {
  socket.close();
}

export function disconnect(observer: { disconnect(): void }): void {
  observer.disconnect();
}

export function disable(histogram: { disable(): unknown }): void {
  histogram.disable();
}
