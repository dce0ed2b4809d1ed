import { RUNTIME } from '../host/runtime.js';

/** Events of Deno, with those of Node.js whose listeners keep such an error from ending the process. */
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
 * Deno's main thread ends without the event `exit` after an error that nobody catches, and has events of its own for that.
 * Elsewhere this does nothing. Called again, it changes nothing.
 */
export function watchUncaught(listener: Listener): void {
  if (RUNTIME !== 'deno') return;
  for (const type of Object.keys(EVENTS))
    (globalThis as unknown as EventTarget).addEventListener(type, listener);
}

/** Takes the listener off. */
export function unwatchUncaught(listener: Listener): void {
  if (RUNTIME !== 'deno') return;
  for (const type of Object.keys(EVENTS))
    (globalThis as unknown as EventTarget).removeEventListener(type, listener);
}

/** Whether the process will end by the error, as far as is known before other listeners have heard of it. */
export function endsProcess({ type, defaultPrevented }: ErrorEvent): boolean {
  return !defaultPrevented && process.listenerCount(EVENTS[type as keyof typeof EVENTS]) === 0;
}
