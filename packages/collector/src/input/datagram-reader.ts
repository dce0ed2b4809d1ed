import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { BatchSender } from '../lines/batch-sender.js';
import { KnownLines } from '../lines/known-lines.js';
import { Pending } from '../lines/pending.js';
import { warmUp } from '../lines/warm-up.js';
import { DatagramLoop } from './datagram-loop.js';
import type { DatagramReaderOptions, FromDatagramReader } from './datagram-protocol.js';
import { DONE } from './reader-words.js';
import { PortError } from './libc.js';
import { isMissing } from './listen-failure.js';
import { OpenSocket } from './open-socket.js';

/** The longest time between two batches for the main thread, in ms. */
const LONGEST_HOLD_MS = 1_000;

/** A failure of one socket. */
class Failed extends Error {
  readonly place: number;
  override readonly cause: Error;

  constructor(place: number, cause: Error) {
    super(cause.message);
    this.place = place;
    this.cause = cause;
  }
}

const { shared, ports, optional, gathers, knownLines } = workerData as DatagramReaderOptions;
const main = parentPort as MessagePort;
const say = (message: FromDatagramReader, transfer: ArrayBuffer[] = []): void =>
  main.postMessage(message, transfer);

const open: OpenSocket[] = [];
try {
  warmUp();
  openAll();
  read();
  closeAll();
} catch (error) {
  closeAll();
  sayFailed(error as Error);
}
say({ type: 'end' });

/** The runtime doesn't know the sockets, so nobody else closes them. */
function closeAll(): void {
  for (const socket of open) socket.close();
}

function sayFailed(error: Error): void {
  if (!(error instanceof Failed)) {
    const { message, code } = error as NodeJS.ErrnoException;
    say({ type: 'failed', message, code, port: 0 });
    return;
  }
  const { cause, place } = error;
  if (cause instanceof PortError)
    say({ type: 'failed', message: cause.message, code: cause.code, port: place });
  else say({ type: 'unavailable', reason: cause.message });
}

function openAll(): void {
  const missing: Failed[] = [];
  for (const [place, options] of ports.entries()) {
    try {
      open.push(new OpenSocket(options, place, (datagrams) => say({ type: 'dropped', datagrams })));
    } catch (error) {
      const failed = new Failed(place, error as Error);
      if (!optional.includes(place) || !isMissing((error as NodeJS.ErrnoException).code)) throw failed;
      missing.push(failed);
    }
  }
  if (open.length === 0) throw missing[0]!;
  say({ type: 'ready', missing: missing.map(({ place }) => place) });
}

function read(): void {
  const sender = new BatchSender({
    shared,
    done: DONE,
    longest: LONGEST_HOLD_MS,
    post: (batch, transfer) => say({ type: 'batch', batch }, transfer),
  });
  const pending = new Pending(() => sender.send(pending));
  const known = new KnownLines(pending, { grammar: 'lines', keys: knownLines });
  new DatagramLoop({ sockets: open, shared, gathers, known, pending, sender, remake }).run();
}

function remake({ port, place }: OpenSocket): void {
  try {
    port.reopen();
  } catch (error) {
    throw new Failed(place, error as Error);
  }
  say({ type: 'made again', port: place });
}
