import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { type Queue, QueueError, unlinkQueue } from '@afstatsd/mqueue';
import { BatchSender } from '../lines/batch-sender.js';
import { KnownLines } from '../lines/known-lines.js';
import { Pending } from '../lines/pending.js';
import { ClientMark } from './client-mark.js';
import { openTrusted } from './open-queue.js';
import { QueueLock } from './queue-lock.js';
import type { FromReader, ReaderOptions } from './queue-protocol.js';
import { CLIENT_INTERVAL, DONE, GO_ON, NOW, STOP } from './reader-words.js';

/** The most messages that are taken before the reader checks anything else. */
const BATCH = 64;
/** The longest time between two batches for the main thread, in ms. It is short, because a killed process loses its batch. */
const LONGEST_HOLD_MS = 200;
/** AppFirst's priority of metrics. */
const METRICS_PRIORITY = 3;
/** The interval at which an idle reader checks whether it has to stop, and whether the queue still has its name, in ms. */
const LOOK = 100;

const { queue: name, trustedUids, isShared, unlink, knownLines, shared } = workerData as ReaderOptions;
const port = parentPort as MessagePort;
const say = (message: FromReader, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer);

const lock = new QueueLock({
  isShared,
  isTrusted: (uid) => uid === 0 || uid === process.getuid?.() || trustedUids.includes(uid),
  pause,
  onWait: (holder) => say({ type: 'waits', holder }),
  onIgnored: (holder) => say({ type: 'lock ignored', holder }),
});

try {
  read();
} catch (error) {
  say({ type: 'failed', message: (error as Error).message });
}

function read(): void {
  let queue = open();
  if (queue !== undefined) sayReady(queue);
  let into = bufferFor(queue);
  let isUnlinked = false;
  let waiting = 0;
  const sender = new BatchSender({
    shared,
    done: DONE,
    longest: LONGEST_HOLD_MS,
    post: (batch, transfer) => say({ type: 'batch', batch, waiting }, transfer),
  });
  const pending = new Pending(() => sender.send(pending));
  const known = new KnownLines(pending, { grammar: 'queue', keys: knownLines });
  const handOver = (): void => {
    if (pending.isEmpty) return;
    waiting = queue?.attributes().messages ?? 0;
    sender.send(pending);
    known.sweep();
  };
  const mark = new ClientMark(() => say({ type: 'mark blocked' }));
  while (queue !== undefined) {
    mark.keep(queue, Atomics.load(shared, CLIENT_INTERVAL));
    lock.keep(queue);
    const stop = Atomics.load(shared, STOP);
    if (stop !== GO_ON && unlink && !isUnlinked) {
      // The queue is removed while the lock is held, so that the next collector can't open this queue.
      removeName(queue);
      isUnlinked = true;
    }
    if (!pending.isEmpty && sender.due === 0) handOver();
    const patience = pending.isEmpty ? LOOK : Math.min(LOOK, Math.ceil(sender.due));
    if (stop !== NOW && queue.wait(stop === GO_ON ? patience : 0)) {
      take(queue, into, known);
    } else if (stop !== GO_ON) {
      handOver();
      queue.close();
      break;
    } else if (queue.stale) {
      // Somebody has unlinked the queue. A new one is made, because clients can't find the old one.
      queue.close();
      queue = openAnew();
      into = bufferFor(queue);
      if (queue !== undefined) say({ type: 'made again' });
    }
  }
  say({ type: 'end' });
}

/** Waits a moment. Returns false if the reader has to end. */
function pause(): boolean {
  Atomics.wait(shared, STOP, GO_ON, LOOK);
  return Atomics.load(shared, STOP) === GO_ON;
}

function bufferFor(queue: Queue | undefined): Buffer {
  return Buffer.alloc(queue?.attributes().messageBytes ?? 0);
}

/**
 * Makes the queue again. Returns undefined if the reader has to end. The old queue keeps its memory while clients have it open.
 * This may leave too little memory for a new one, so making it is tried again and again.
 */
function openAnew(): Queue | undefined {
  for (let tries = 0; ; tries++) {
    try {
      return open();
    } catch (error) {
      if (!(error instanceof QueueError) || error.code !== 'EMFILE') throw error;
      if (tries === 0) say({ type: 'removed', problem: error.message });
    }
    if (!pause()) return undefined;
  }
}

/** Opens the queue and locks it. Returns undefined if the reader has to end. */
function open(): Queue | undefined {
  for (;;) {
    const queue = openTrusted(name, trustedUids, (before) => say({ type: 'mode set', before }));
    try {
      const goesOn = lock.take(queue);
      // The collector that had the queue before may have removed it at its end.
      if (goesOn && !queue.stale) return queue;
      queue.close();
      if (!goesOn) return undefined;
    } catch (error) {
      queue.close();
      throw error;
    }
  }
}

function sayReady(queue: Queue): void {
  const { depth, messageBytes, messages } = queue.attributes();
  say({ type: 'ready', depth, messageBytes, mode: queue.mode, waiting: messages });
}

function removeName(queue: Queue): void {
  try {
    if (!queue.stale) unlinkQueue(name);
  } catch (error) {
    say({ type: 'not removed', problem: (error as Error).message });
  }
}

/** Takes some messages out of the queue, and reads them. */
function take(queue: Queue, into: Buffer, known: KnownLines): void {
  for (let messages = 0; messages < BATCH; messages++) {
    const received = queue.receive(into);
    if (received === undefined) return;
    const { bytes, priority } = received;
    if (priority === METRICS_PRIORITY) known.read(into, 0, bytes);
    else say({ type: 'other message', bytes: Uint8Array.prototype.slice.call(into, 0, bytes), priority });
  }
}
