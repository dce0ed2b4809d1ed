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

interface Closable {
  close(): void;
}

const leftBehind = new FinalizationRegistry<Closable>((closable) => closable.close());

/** Closes something when nobody holds its owner any more. It mustn't hold the owner itself. */
export function closeWhenGone(owner: object, closable: Closable): void {
  leftBehind.register(owner, closable, closable);
}

/** It was closed, and needs no more care. */
export function isClosed(closable: Closable): void {
  leftBehind.unregister(closable);
}
