import { Statsd } from '../../src/index.js';
import { loadSignalExit } from './load-signal-exit.js';
import { recordAll, said, sendToQueue, stay } from './to-queue.js';

export interface SignalScript {
  readonly signal: NodeJS.Signals;
  /** The app's own handler, when it is installed, and what it does. */
  readonly handler?: 'on' | 'once';
  readonly installed?: 'before' | 'after' | 'before signal-exit';
  readonly does?: 'exits' | 'exits in a while' | 'drains' | 'stays' | 'drains and raises it again';
  /** Which versions of signal-exit are loaded, and when. */
  readonly signalExit?: ReadonlyArray<3 | 4>;
  readonly loaded?: 'before' | 'after';
  readonly handleSignals?: boolean;
  /** Does all the same, but records nothing. */
  readonly silent?: boolean;
}

const script = said as SignalScript;
const { signal, handler, does, signalExit = [], installed, loaded, handleSignals = true } = script;

const record = (name: string): void => {
  if (!script.silent) Statsd.increment(name);
};

/** Says that the handler has run, once it is over: only then are our own listeners back. */
const sayHandled = (): void => void setImmediate(() => console.log('handled'));

const HANDLERS = {
  exits: () => process.exit(5),
  'exits in a while': () => void setTimeout(() => process.exit(5), 60_000),
  stays: () => sayHandled(),
  drains: () => {
    process.once('message', () => {
      record('draining');
      process.exit(5);
    });
    sayHandled();
  },
  'drains and raises it again': () => {
    process.once('message', () => {
      record('draining');
      process.kill(process.pid, signal);
    });
    sayHandled();
  },
};

function install(): void {
  if (handler === undefined || does === undefined) return;
  process[handler](signal, () => {
    record('draining');
    HANDLERS[does]();
  });
}

function load(): void {
  loadSignalExit(signalExit, (version, by) => console.log(`signal-exit ${version} ${String(by)}`));
}

if (installed === 'before signal-exit') install();
if (loaded === 'before') load();
if (installed === 'before') install();
const before = process.listenerCount(signal);
sendToQueue({ handleSignals });
if (!script.silent) recordAll();
console.log(`listeners added: ${process.listenerCount(signal) - before}`);
if (loaded === 'after') load();
if (installed === 'after') install();
stay();
console.log('ready');
