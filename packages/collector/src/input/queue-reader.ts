import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { type Queue, QueueError, unlinkQueue } from '@afstatsd/mqueue';
import { ClientMark } from './client-mark.js';
import { openTrusted } from './open-queue.js';
import { QueueLock } from './queue-lock.js';
import {
  CLIENT_INTERVAL,
  DONE,
  type FromReader,
  GO_ON,
  MAX_BATCHES,
  NOW,
  type ReaderOptions,
  STOP,
} from './queue-protocol.js';

/** Messages that go to the main thread together. */
const BATCH = 64;
/** How often an idle reader looks whether it shall stop, and whether the queue is still the one with its name, in ms. */
const LOOK = 100;

const { queue: name, trustedUids, isShared, unlink, shared } = workerData as ReaderOptions;
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
  let sent = 0;
  let isUnlinked = false;
  const mark = new ClientMark(() => say({ type: 'mark blocked' }));
  while (queue !== undefined) {
    mark.keep(queue, Atomics.load(shared, CLIENT_INTERVAL));
    lock.keep(queue);
    const stop = Atomics.load(shared, STOP);
    if (stop !== GO_ON && unlink && !isUnlinked) {
      // While the lock is held, so that the next collector finds no queue, or one that it makes itself.
      removeName(queue);
      isUnlinked = true;
    }
    const waiting = stop !== NOW && queue.wait(stop === GO_ON ? LOOK : 0);
    if (waiting) {
      sendBatch(queue, into);
      sent++;
      while (sent - Atomics.load(shared, DONE) >= MAX_BATCHES)
        Atomics.wait(shared, DONE, Atomics.load(shared, DONE), LOOK);
    } else if (stop !== GO_ON) {
      queue.close();
      break;
    } else if (queue.stale) {
      // Somebody has unlinked it: clients can't find it, and would look for a new one.
      queue.close();
      queue = openAnew();
      into = bufferFor(queue);
      if (queue !== undefined) say({ type: 'made again' });
    }
  }
  say({ type: 'end' });
}

/** Waits a moment. False: the reader shall end. */
function pause(): boolean {
  Atomics.wait(shared, STOP, GO_ON, LOOK);
  return Atomics.load(shared, STOP) === GO_ON;
}

function bufferFor(queue: Queue | undefined): Buffer {
  return Buffer.alloc(queue?.attributes().messageBytes ?? 0);
}

/**
 * Makes the queue again. As long as clients hold the old one, its memory counts, and may leave too little for a new one:
 * then it is tried until they have let go, or the reader shall end.
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

/** Opens the queue and locks it. `undefined`: the reader shall end. */
function open(): Queue | undefined {
  for (;;) {
    const queue = openTrusted(name, trustedUids, (before) => say({ type: 'mode set', before }));
    try {
      const goesOn = lock.take(queue);
      // A collector that had the queue may have removed it at its end.
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

function sendBatch(queue: Queue, into: Buffer): void {
  const messages: Buffer[] = [];
  const priorities: number[] = [];
  while (messages.length < BATCH) {
    const received = queue.receive(into);
    if (received === undefined) break;
    messages.push(Buffer.from(into.subarray(0, received.bytes)));
    priorities.push(received.priority);
  }
  const lengths = Uint32Array.from(messages, (message) => message.length);
  const bytes = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0));
  let at = 0;
  for (const message of messages) {
    bytes.set(message, at);
    at += message.length;
  }
  const { messages: waiting } = queue.attributes();
  say({ type: 'batch', bytes, lengths, priorities: Uint32Array.from(priorities), waiting }, [
    bytes.buffer,
    lengths.buffer,
  ]);
}
