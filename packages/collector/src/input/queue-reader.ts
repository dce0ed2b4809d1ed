import { readFileSync } from 'node:fs';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { type Queue, QueueError, openQueue } from '@afstatsd/mqueue';
import { ClientMark } from './client-mark.js';
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

/** As many as the original collector's; a system whose limit is lower gives what it can. */
const DEPTH = 200;
/** The format's 2048 bytes, and what AppFirst's C library adds to them, with room to spare. */
const MESSAGE_BYTES = 2112;
/** Whoever can reach the queue may write to it, and nobody but its owner reads. */
const MODE = 0o622;
/** Messages that go to the main thread together. */
const BATCH = 64;
/** How often an idle reader looks whether it shall stop, and whether the queue is still the one with its name, in ms. */
const LOOK = 100;

const { queue: name, trustedUids, shared } = workerData as ReaderOptions;
const port = parentPort as MessagePort;
const say = (message: FromReader, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer);

try {
  read();
} catch (error) {
  say({ type: 'failed', message: (error as Error).message });
}

function read(): void {
  let queue: Queue | undefined = open(true);
  let into = Buffer.alloc(queue.attributes().messageBytes);
  let sent = 0;
  const mark = new ClientMark(() => say({ type: 'mark blocked' }));
  for (;;) {
    mark.keep(queue, Atomics.load(shared, CLIENT_INTERVAL));
    const stop = Atomics.load(shared, STOP);
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
      if (queue === undefined) break;
      into = Buffer.alloc(queue.attributes().messageBytes);
    }
  }
  say({ type: 'end' });
}

/**
 * Makes the queue again. As long as clients hold the old one, its memory counts, and may leave too little for a new one:
 * then it is tried until they have let go, or the reader shall end.
 */
function openAnew(): Queue | undefined {
  for (let tries = 0; Atomics.load(shared, STOP) === GO_ON; tries++) {
    try {
      return open(false);
    } catch (error) {
      if (!(error instanceof QueueError) || error.code !== 'EMFILE') throw error;
      if (tries === 0) say({ type: 'removed', problem: error.message });
    }
    Atomics.wait(shared, STOP, GO_ON, LOOK);
  }
  return undefined;
}

/** Makes the queue, or takes the one that is there, if its owner is to be trusted: whoever owns it can read it, too. */
function open(first: boolean): Queue {
  const depth = Math.min(DEPTH, limit('msg_max') ?? DEPTH);
  const messageBytes = Math.min(MESSAGE_BYTES, limit('msgsize_max') ?? MESSAGE_BYTES);
  const queue = openQueue(name, { access: 'read', create: { depth, messageBytes, mode: MODE } });
  const uid = process.getuid?.() ?? 0;
  if (queue.owner !== uid && !trustedUids.includes(queue.owner)) {
    const { owner } = queue;
    queue.close();
    throw new Error(
      `queue ${name} belongs to user ${owner}, who could read what clients send. Remove it, or give --trust-uid ${owner}`,
    );
  }
  const { depth: actual, messages } = queue.attributes();
  if (first) say({ type: 'ready', depth: actual, mode: queue.mode, waiting: messages });
  else say({ type: 'made anew' });
  return queue;
}

function limit(file: string): number | undefined {
  try {
    return Number(readFileSync(`/proc/sys/fs/mqueue/${file}`, 'utf8'));
  } catch {
    return undefined; // not mounted: the kernel itself will say
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
