import { performance } from 'node:perf_hooks';
import type { BatchSender } from '../lines/batch-sender.js';
import type { KnownLines } from '../lines/known-lines.js';
import type { Pending } from '../lines/pending.js';
import { AnswerLimit } from './answer-limit.js';
import { DatagramPort } from './datagram-port.js';
import { CLIENT_INTERVAL, GO_ON, NOW, STOP, WHEN_EMPTY } from './reader-words.js';
import { libc } from './libc.js';
import { Linger } from './linger.js';
import type { OpenSocket } from './open-socket.js';
import { PollSet } from './poll-set.js';

/** The interval at which an idle reader checks whether it has to stop, in ms. */
const LOOK_MS = 100;
/** How often the kernel is asked what it has dropped, and whether a socket's file is still there, in ms. */
const ASK_KERNEL_MS = 1_000;
const US_PER_MS = 1_000;

export interface DatagramLoopOptions {
  readonly sockets: readonly OpenSocket[];
  /** Shared words. Their indices are in `reader-words.ts`. */
  readonly shared: Int32Array;
  readonly gathers: boolean;
  readonly known: KnownLines;
  readonly pending: Pending;
  readonly sender: BatchSender;
  /** Makes a socket again after somebody has removed its file. */
  readonly remake: (socket: OpenSocket) => void;
}

/** Waits for datagrams, reads them, and hands the samples over, until `STOP` says that it has to end. */
export class DatagramLoop {
  readonly #options: DatagramLoopOptions;
  readonly #libc = libc();
  readonly #answers = new AnswerLimit();
  readonly #interval: () => number;
  readonly #linger: Linger;
  #polled: PollSet;
  /** Whether the last call took a full batch, so that more datagrams may wait. */
  #isMore = false;
  /** Datagrams since the last pause. */
  #gathered = 0;
  #isHidden = false;
  #asked = performance.now();

  constructor(options: DatagramLoopOptions) {
    this.#options = options;
    this.#interval = () => Atomics.load(options.shared, CLIENT_INTERVAL);
    this.#linger = new Linger(Math.min(...options.sockets.map(({ port }) => port.memory()?.room ?? 0)));
    this.#polled = this.#poll();
  }

  run(): void {
    const { sockets, shared, pending, sender } = this.#options;
    // A turn is a function, because V8 optimizes a function that is called often sooner than a loop with long turns.
    while (this.#turn(Atomics.load(shared, STOP)));
    if (!pending.isEmpty) sender.send(pending);
    for (const { drops } of sockets) drops.look(0);
  }

  /** Returns whether there is another turn. */
  #turn(stop: number): boolean {
    const { pending, sender, known } = this.#options;
    if (stop === NOW) return false;
    if (stop === WHEN_EMPTY) this.#hide();
    else if (!this.#isMore) this.#wait();
    const count = this.#read();
    const now = performance.now();
    const isDone = stop === WHEN_EMPTY && count === 0;
    if (!pending.isEmpty && (isDone || sender.dueIn(now) === 0)) {
      sender.send(pending);
      known.sweep();
    }
    if (now - this.#asked >= ASK_KERNEL_MS) this.#askKernel(now, stop);
    return !isDone;
  }

  #wait(): void {
    const { gathers, pending, sender } = this.#options;
    if (!gathers || !this.#linger.isFlowing) {
      const due = pending.isEmpty ? LOOK_MS : Math.min(LOOK_MS, Math.ceil(sender.due));
      if (!this.#polled.wait(due) || !gathers) return;
    }
    // Datagrams gather meanwhile, because waking costs as much as reading many of them. `Atomics.wait` would cost half as much
    // again.
    this.#libc.usleep(this.#linger.ms * US_PER_MS);
  }

  #read(): number {
    const { sockets, known } = this.#options;
    let count = 0;
    this.#isMore = false;
    for (let at = 0; at < sockets.length; at++) {
      const taken = sockets[at]!.read(known, this.#answers, this.#interval);
      count += taken;
      if (taken === DatagramPort.BATCH) this.#isMore = true;
    }
    this.#gathered += count;
    if (!this.#isMore) {
      this.#linger.had(this.#gathered);
      this.#gathered = 0;
    }
    return count;
  }

  #hide(): void {
    if (this.#isHidden) return;
    this.#isHidden = true;
    for (const { port } of this.#options.sockets) port.hide();
  }

  #askKernel(now: number, stop: number): void {
    this.#asked = now;
    for (const { drops } of this.#options.sockets) drops.look(0);
    if (stop === GO_ON) this.#findAgain();
  }

  #findAgain(): void {
    const { sockets, known, remake } = this.#options;
    const removed = sockets.filter(({ port }) => !port.canBeFound);
    for (const socket of removed) {
      // The old socket may hold datagrams, because senders may still have it open.
      socket.read(known, this.#answers, this.#interval);
      remake(socket);
    }
    if (removed.length > 0) this.#polled = this.#poll();
  }

  #poll(): PollSet {
    return new PollSet(this.#options.sockets.map(({ port }) => port.descriptor));
  }
}
