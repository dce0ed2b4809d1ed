import { RUNTIME } from '../host/runtime.js';

/** Events of Deno, each with the event of Node.js whose listeners keep such an error from ending the process. */
const EVENTS = { error: 'uncaughtException', unhandledrejection: 'unhandledRejection' } as const;

interface ErrorEvent {
  readonly type: string;
  readonly defaultPrevented: boolean;
}
type Listener = (event: ErrorEvent) => void;
interface EventTarget {
  addEventListener(type: string, listener: Listener): void;
  removeEventListener(type: string, listener: Listener): void;
}

/**
 * Listens for uncaught errors in Deno, because its main thread then ends without the event `exit`. On other runtimes this does
 * nothing. A second call changes nothing.
 */
export function watchUncaught(listener: Listener): void {
  if (RUNTIME !== 'deno') return;
  for (const type of Object.keys(EVENTS))
    (globalThis as unknown as EventTarget).addEventListener(type, listener);
}

/** Removes the listener. */
export function unwatchUncaught(listener: Listener): void {
  if (RUNTIME !== 'deno') return;
  for (const type of Object.keys(EVENTS))
    (globalThis as unknown as EventTarget).removeEventListener(type, listener);
}

/** Whether the error will end the process, as far as is known before other listeners run. */
export function endsProcess({ type, defaultPrevented }: ErrorEvent): boolean {
  return !defaultPrevented && process.listenerCount(EVENTS[type as keyof typeof EVENTS]) === 0;
}
