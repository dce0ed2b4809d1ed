import { AsyncResource } from 'node:async_hooks';

const outside = new AsyncResource('afstatsd');
// Marked as destroyed, because tools that look for open handles would report it.
outside.emitDestroy();

/**
 * Makes an object that outlives the caller, such as a timer. It is made outside of the caller's asynchronous context, because it
 * would keep the values of the app's `AsyncLocalStorage` alive, such as a request, or a test of Jest.
 */
export function makeOutside<T>(make: () => T): T {
  return outside.runInAsyncScope(make);
}

/** Returns a function that calls `call` and holds it weakly. Once `call` is collected it does nothing. */
export function weakly<A extends unknown[]>(call: (...args: A) => void): (...args: A) => void {
  const held = new WeakRef(call);
  return (...args) => held.deref()?.(...args);
}

const leftBehind = new FinalizationRegistry<() => unknown>((close) => close());

/**
 * Closes a resource when its owner is collected, as after a test runner has ended a test file.
 *
 * @param close - The function that closes. It is held until then, with all of its realm, so it must be a function of this file or of
 * koffi. It mustn't hold the owner.
 * @param what - The resource, which `close` is called with.
 * @param token - The key for `noteClosed`.
 */
export function closeWhenGone<T>(owner: object, close: (what: T) => unknown, what: T, token: object): void {
  leftBehind.register(owner, () => close(what), token);
}

/** Notes that a resource was closed, so that it isn't closed again when its owner is collected. */
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
