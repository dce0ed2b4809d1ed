import { isMainThread } from '../host/builtin.js';
import { now } from '../host/clock.js';
import { setImmediate, setTimeout } from '../host/timers.js';
import { endsProcess, unwatchUncaught, watchUncaught } from './uncaught.js';
import { WATCHER_MS, mayBeWatched } from './watcher.js';

/** A client as the end of the process sees it. */
export interface Ending {
  readonly handleSignals: boolean;
  /**
   * Sends all pending samples synchronously, because a signal has come.
   *
   * @param dies - Whether the process ends by the signal. The client then waits for room.
   * @param began - When the end began, in ms of `now()`. Each client's `exitTimeout` counts from then.
   */
  flushNow(dies: boolean, began: number): void;
  /** Sends all pending samples synchronously, and counts the rest as dropped. */
  end(began: number): void;
}

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
/** Marks listeners of `exit`, so that copies of this package recognise each other's. */
const EXIT_LISTENER = Symbol.for('@afstatsd/exit-listener');
type Marked = { readonly [EXIT_LISTENER]?: boolean };

const clients = new Set<Ending>();

/**
 * From now on the client's metrics are sent when the process or this worker thread ends. A second call applies changes of
 * `handleSignals`, and puts back listeners that other code has removed.
 *
 * @returns False if the process is ending already, so that no listener of ours will be called any more.
 */
export function watchExit(client: Ending): boolean {
  clients.add(client);
  arm();
  return !isExiting();
}

/** Whether `exit` was emitted. After that nothing can be sent asynchronously. */
export function isExiting(): boolean {
  return (process as { _exiting?: unknown })._exiting === true;
}

export function unwatchExit(client: Ending): void {
  if (!clients.delete(client)) return;
  if (clients.size > 0) armSignals();
  else disarm();
}

function arm(): void {
  // First, because a listener that throws or calls `process.exit` keeps those after it from running.
  if (process.listeners('exit')[0] !== afstatsdOnExit) {
    process.off('exit', afstatsdOnExit);
    process.prependListener('exit', afstatsdOnExit);
  }
  if (!(process as NodeJS.EventEmitter).listeners('newListener').includes(afstatsdOnNewListener)) {
    process.on('newListener', afstatsdOnNewListener);
  }
  watchUncaught(afstatsdOnUncaught);
  armSignals();
}

function disarm(): void {
  process.off('exit', afstatsdOnExit);
  process.off('newListener', afstatsdOnNewListener);
  unwatchUncaught(afstatsdOnUncaught);
  armSignals();
}

/** Keeps our listener of `exit` first when other code prepends one. Listeners of other copies of this package may be before it. */
function afstatsdOnNewListener(event: string | symbol, listener: unknown): void {
  if (event !== 'exit' || (listener as Marked)[EXIT_LISTENER] === true) return;
  process.nextTick(() => clients.size > 0 && arm());
}

function afstatsdOnExit(): void {
  const began = now();
  for (const client of clients) client.end(began);
}
Object.defineProperty(afstatsdOnExit, EXIT_LISTENER, { value: true });

function afstatsdOnUncaught(event: Parameters<typeof endsProcess>[0]): void {
  const began = now();
  const dies = endsProcess(event);
  for (const client of clients) client.flushNow(dies, began);
}

function armSignals(): void {
  if (!isMainThread()) return; // signals go to the main thread
  const wanted = [...clients].some((client) => client.handleSignals);
  for (const signal of SIGNALS) {
    // Left in place if it is first, because removing and re-adding the only listener would lose a signal that has already come.
    if (wanted && process.listeners(signal)[0] === afstatsdOnSignal) continue;
    process.off(signal, afstatsdOnSignal);
    if (wanted) process.prependListener(signal, afstatsdOnSignal);
  }
}

/**
 * A listener keeps a signal from ending the process, so ours raises the signal again when nobody else listens. It is
 * prepended, and takes itself off before it returns, so that others see the listeners that they would see without us: an app
 * handler installed with `once` is not cut off, and `signal-exit`, which compares counts, still ends the process. If the
 * process goes on, the listener is put back on the next turn of the event loop.
 *
 * It stays installed until the flush is over, because a second signal would kill a process without a listener in the middle of
 * the flush.
 */
function afstatsdOnSignal(signal: NodeJS.Signals): void {
  const began = now();
  const others = process.listenerCount(signal) - 1;
  const dies = others <= signalExitListeners();
  flushAll(dies, began);
  process.off(signal, afstatsdOnSignal);
  if (process.listenerCount(signal) === 0) {
    raiseAgain(signal);
    return;
  }
  setImmediate(() => clients.size > 0 && arm());
  // A program may clean up after a signal, and then raise it again from a timer to die by it. Our listener is called a turn of the
  // event loop later, so one more turn is needed if nothing else is left to do.
  if (!process.listeners('beforeExit').includes(afstatsdOneMoreTurn))
    process.once('beforeExit', afstatsdOneMoreTurn);
}

function flushAll(dies: boolean, began: number): void {
  for (const client of clients) if (client.handleSignals) client.flushNow(dies, began);
}

/** Ends the process by the signal. Waits if a watcher may have called the listener, because it then ends the program itself. */
function raiseAgain(signal: NodeJS.Signals): void {
  if (!mayBeWatched()) {
    process.kill(process.pid, signal);
    return;
  }
  setTimeout(() => {
    flushAll(true, now());
    // The clients may have put the listener back meanwhile.
    process.off(signal, afstatsdOnSignal);
    process.kill(process.pid, signal);
  }, WATCHER_MS);
}

function afstatsdOneMoreTurn(): void {
  setImmediate(() => {});
}

/**
 * How many listeners belong to the library signal-exit (3 and 4), which ends the process if nobody else listens. Both versions
 * publish it.
 */
function signalExitListeners(): number {
  const version3 = (process as { __signal_exit_emitter__?: { count?: unknown } }).__signal_exit_emitter__;
  const version4 = (globalThis as Record<symbol, { count?: unknown } | undefined>)[
    Symbol.for('signal-exit emitter')
  ];
  return [version3, version4].reduce((sum, emitter) => sum + (Number(emitter?.count) || 0), 0);
}
