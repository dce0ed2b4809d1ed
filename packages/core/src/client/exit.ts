import { isMainThread } from 'node:worker_threads';

/** A client as the end of the process sees it. */
export interface Ending {
  readonly handleSignals: boolean;
  /** Sends what is pending before it returns, waiting for room if the process will end, and not at all if it may go on. */
  flushNow(ends: boolean): void;
  /** Sends what is pending before it returns, and counts the rest as dropped. */
  end(): void;
}

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
const clients = new Set<Ending>();

/** From now on the client's metrics are sent when the process, or this worker thread, ends. Called again, it takes up changes of `handleSignals`. */
export function watchExit(client: Ending): void {
  if (clients.size === 0) {
    process.prependListener('exit', onExitBegins);
    process.on('exit', onExit);
  }
  clients.add(client);
  armSignals();
}

export function unwatchExit(client: Ending): void {
  if (!clients.delete(client) || clients.size > 0) return;
  process.off('exit', onExitBegins);
  process.off('exit', onExit);
  armSignals();
}

/** A listener of others that throws, or calls `process.exit`, keeps those after it from running: ours, too. */
function onExitBegins(): void {
  const others = process.listenerCount('exit') > 2;
  for (const client of clients) if (others) client.flushNow(false);
}

function onExit(): void {
  for (const client of clients) client.end();
}

function armSignals(): void {
  if (!isMainThread) return; // signals go to the main thread
  const wanted = [...clients].some((client) => client.handleSignals);
  for (const signal of SIGNALS) {
    process.off(signal, onSignal);
    if (wanted) process.prependListener(signal, onSignal);
  }
}

/**
 * A listener of ours keeps a signal from ending the process, so it raises the signal again when nobody else listens. It
 * is prepended and takes itself off, so that others see the listeners that they would see without us: an app handler
 * installed with `once` is not cut off, and `signal-exit`, which compares counts, still ends the process. If the process
 * goes on, the listener is put back on the next turn of the event loop.
 */
function onSignal(signal: NodeJS.Signals): void {
  process.off(signal, onSignal);
  const ends = process.listenerCount(signal) <= signalExitListeners();
  for (const client of clients) if (client.handleSignals) client.flushNow(ends);
  if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  else setImmediate(armSignals);
}

/** How many listeners belong to the library signal-exit (3 and 4), which ends the process if nobody else listens. Both versions publish it. */
function signalExitListeners(): number {
  const version3 = (process as { __signal_exit_emitter__?: { count?: unknown } }).__signal_exit_emitter__;
  const version4 = (globalThis as Record<symbol, { count?: unknown } | undefined>)[
    Symbol.for('signal-exit emitter')
  ];
  return [version3, version4].reduce((sum, emitter) => sum + (Number(emitter?.count) || 0), 0);
}
