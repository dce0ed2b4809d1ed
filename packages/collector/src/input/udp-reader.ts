import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { BatchSender } from '../lines/batch-sender.js';
import { KnownLines } from '../lines/known-lines.js';
import { Pending } from '../lines/pending.js';
import { warmUp } from '../lines/warm-up.js';
import { AnswerLimit } from './answer-limit.js';
import { Linger } from './linger.js';
import { KernelDrops } from './kernel-drops.js';
import { PortError, UDPPort } from './udp-port.js';
import {
  CLIENT_INTERVAL,
  DONE,
  type FromUDPReader,
  GO_ON,
  NOW,
  STOP,
  type UDPReaderOptions,
  WHEN_EMPTY,
} from './udp-protocol.js';

/** How often an idle reader looks whether it shall stop, in ms. */
const LOOK_MS = 100;
/** How long what was read waits for the main thread to get it, at most, in ms. */
const LONGEST_HOLD_MS = 1_000;
/** How often the kernel is asked what it has dropped, in ms. */
const ASK_KERNEL_MS = 1_000;

const { shared, ...options } = workerData as UDPReaderOptions;
const main = parentPort as MessagePort;
const say = (message: FromUDPReader, transfer: ArrayBuffer[] = []): void =>
  main.postMessage(message, transfer);

const port = open();
if (port !== undefined) {
  try {
    read(port);
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException;
    say({ type: 'failed', message, code });
  } finally {
    // The runtime doesn't know the socket, so nobody else closes it.
    port.close();
    say({ type: 'end' });
  }
}

/** undefined: the port can't be had, and the main thread knows why. */
function open(): UDPPort | undefined {
  try {
    warmUp();
    return new UDPPort(options);
  } catch (error) {
    const { message } = error as Error;
    if (error instanceof PortError) say({ type: 'failed', message, code: error.code });
    else say({ type: 'unavailable', reason: message });
    return undefined;
  }
}

function read(port: UDPPort): void {
  const sender = new BatchSender({
    shared,
    done: DONE,
    longest: LONGEST_HOLD_MS,
    post: (batch, transfer) => say({ type: 'batch', batch }, transfer),
  });
  const pending = new Pending(() => sender.send(pending));
  const known = new KnownLines(pending, { grammar: 'lines' });
  const answers = new AnswerLimit();
  const drops = new KernelDrops(port, (datagrams) => say({ type: 'dropped', datagrams }));
  const linger = new Linger(port.memory()?.room);
  say({ type: 'ready', room: port.memory()?.room });
  let isMore = false;
  for (;;) {
    const stop = Atomics.load(shared, STOP);
    if (stop === NOW) break;
    if (stop === GO_ON && !isMore) {
      const due = pending.isEmpty ? LOOK_MS : Math.min(LOOK_MS, Math.ceil(sender.due));
      if (port.wait(due)) {
        // Datagrams gather meanwhile, because each call costs as much as reading many of them.
        if (linger.ms > 0) Atomics.wait(shared, STOP, GO_ON, linger.ms);
      }
    }
    const count = port.receive();
    linger.had(count);
    for (let i = 0; i < count; i++) {
      const length = port.lengthOf(i);
      const start = port.startOf(i);
      if (length > 0) known.read(port.bytes, start, start + length, () => port.senderOf(i));
      else if (port.portOf(i) !== 0) {
        // An empty datagram asks who listens.
        const line = answers.next(Atomics.load(shared, CLIENT_INTERVAL));
        if (line !== undefined) port.answer(i, line);
      }
    }
    isMore = count === UDPPort.BATCH;
    if (!pending.isEmpty && (sender.due === 0 || (stop === WHEN_EMPTY && count === 0))) {
      sender.send(pending);
      known.sweep();
    }
    drops.look(ASK_KERNEL_MS);
    if (stop === WHEN_EMPTY && count === 0) break;
  }
  if (!pending.isEmpty) sender.send(pending);
  drops.look(0);
}
