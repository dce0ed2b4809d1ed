import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { BatchSender } from '../lines/batch-sender.js';
import { KnownLines } from '../lines/known-lines.js';
import { Pending } from '../lines/pending.js';
import { warmUp } from '../lines/warm-up.js';
import { AnswerLimit } from './answer-limit.js';
import { DatagramPort } from './datagram-port.js';
import {
  CLIENT_INTERVAL,
  DONE,
  type DatagramReaderOptions,
  type FromDatagramReader,
  GO_ON,
  NOW,
  STOP,
  WHEN_EMPTY,
} from './datagram-protocol.js';
import { KernelDrops } from './kernel-drops.js';
import { PortError } from './libc.js';
import { Linger } from './linger.js';
import { isMissing } from './listen-failure.js';
import { PollSet } from './poll-set.js';

/** How often an idle reader looks whether it shall stop, in ms. */
const LOOK_MS = 100;
/** How long what was read waits for the main thread to get it, at most, in ms. */
const LONGEST_HOLD_MS = 1_000;
/** How often the kernel is asked what it has dropped, and whether a socket's file is still there, in ms. */
const ASK_KERNEL_MS = 1_000;
const NEWLINE = 10;

/** A socket, and its place among those that were asked for. */
interface Open {
  readonly port: DatagramPort;
  readonly place: number;
  readonly drops: KernelDrops;
}

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

const { shared, ports, optional, gathers } = workerData as DatagramReaderOptions;
const main = parentPort as MessagePort;
const say = (message: FromDatagramReader, transfer: ArrayBuffer[] = []): void =>
  main.postMessage(message, transfer);

const open: Open[] = [];
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
  for (const { port } of open) {
    port.hide();
    port.close();
  }
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
      const port = new DatagramPort(options);
      const drops = new KernelDrops(port, (datagrams) => say({ type: 'dropped', datagrams }));
      open.push({ port, place, drops });
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
  const known = new KnownLines(pending, { grammar: 'lines' });
  const answers = new AnswerLimit();
  const linger = new Linger(Math.min(...open.map(({ port }) => port.memory()?.room ?? 0)));
  let polled = poll();
  let isMore = false;
  let isHidden = false;
  let asked = performance.now();
  for (;;) {
    const stop = Atomics.load(shared, STOP);
    if (stop === NOW) break;
    if (stop === GO_ON && !isMore) {
      const due = pending.isEmpty ? LOOK_MS : Math.min(LOOK_MS, Math.ceil(sender.due));
      // Datagrams gather meanwhile, because each call costs as much as reading many of them.
      if (polled.wait(due) && gathers) Atomics.wait(shared, STOP, GO_ON, linger.ms);
    } else if (stop !== GO_ON && !isHidden) {
      for (const { port } of open) port.hide();
      isHidden = true;
    }
    let count = 0;
    isMore = false;
    for (const { port } of open) {
      const taken = take(port, { known, answers });
      count += taken;
      isMore ||= taken === DatagramPort.BATCH;
    }
    linger.had(count);
    if (!pending.isEmpty && (sender.due === 0 || (stop === WHEN_EMPTY && count === 0))) {
      sender.send(pending);
      known.sweep();
    }
    if (performance.now() - asked >= ASK_KERNEL_MS) {
      asked = performance.now();
      for (const { drops } of open) drops.look(0);
      if (stop === GO_ON && findAgain({ known, answers })) polled = poll();
    }
    if (stop === WHEN_EMPTY && count === 0) break;
  }
  if (!pending.isEmpty) sender.send(pending);
  for (const { drops } of open) drops.look(0);
}

function poll(): PollSet {
  return new PollSet(open.map(({ port }) => port.descriptor));
}

interface Into {
  readonly known: KnownLines;
  readonly answers: AnswerLimit;
}

/** Reads what has come, and returns how many datagrams that were. */
function take(port: DatagramPort, { known, answers }: Into): number {
  const count = port.receive();
  for (let i = 0; i < count; i++) {
    const start = port.startOf(i);
    const end = start + port.lengthOf(i);
    if (end > start) {
      const to = port.isCut(i) ? withoutCutLine(port.bytes, start, end) : end;
      known.read(port.bytes, start, to, () => port.senderOf(i));
    } else if (port.isAnswerable(i)) {
      // An empty datagram asks who listens.
      const line = answers.next(Atomics.load(shared, CLIENT_INTERVAL));
      if (line !== undefined) port.answer(i, line);
    }
  }
  return count;
}

/** Makes a bad line of the last one of a datagram that was cut, which might say something else now. Returns where it ends. */
function withoutCutLine(bytes: Buffer, start: number, end: number): number {
  const last = Math.max(start, bytes.lastIndexOf(NEWLINE, end - 1) + 1);
  return last + bytes.write('(cut, because the datagram is too long)', last, end - last, 'latin1');
}

/** Makes sockets again whose file somebody has removed. Returns whether there were any. */
function findAgain(into: Into): boolean {
  let isAny = false;
  for (const { port, place } of open) {
    if (port.canBeFound) continue;
    // Senders that have it open may have sent.
    take(port, into);
    try {
      port.reopen();
    } catch (error) {
      throw new Failed(place, error as Error);
    }
    isAny = true;
    say({ type: 'made again', port: place });
  }
  return isAny;
}
