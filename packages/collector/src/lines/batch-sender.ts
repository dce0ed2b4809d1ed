import { performance } from 'node:perf_hooks';
import type { Pending } from './pending.js';
import type { ReadBatch } from './read-batch.js';

/** The shortest time between two batches, in ms. A large batch makes it longer, because the main thread has more to do. */
const SHORTEST_MS = 20;
/** The next batch comes 1 ms later for each so many metrics in a batch. */
const METRICS_PER_MS = 1;
/** With so many batches that the main thread hasn't dealt with, the reader waits, so that messages stay in the queue or the socket. */
const MAX_BATCHES = 4;
/** The longest single wait for the main thread, in ms. */
const WAIT_MS = 100;

export interface BatchSenderOptions {
  /** Numbers shared with the main thread. At the index `done`, the main thread counts the batches that it has dealt with. */
  readonly shared: Int32Array;
  readonly done: number;
  /** The longest time between two batches, in ms. */
  readonly longest: number;
  readonly post: (batch: ReadBatch, transfer: ArrayBuffer[]) => void;
}

/** Hands the batches of a reader's thread over to the main thread, with back-pressure. */
export class BatchSender {
  readonly #options: BatchSenderOptions;
  #sent = 0;
  #next = -Infinity;

  constructor(options: BatchSenderOptions) {
    this.#options = options;
  }

  /** The time until the next batch is due, in ms. 0 if it is due now. */
  get due(): number {
    return this.dueIn(performance.now());
  }

  /** The same as `due`, for a caller that knows the time already. */
  dueIn(now: number): number {
    return Math.max(0, this.#next - now);
  }

  /** Hands over what is pending. Blocks the thread while the main thread is behind. */
  send(pending: Pending): void {
    const { shared, done, longest, post } = this.#options;
    const batch = pending.take();
    const { ids, counts, numbers, lines } = batch;
    const metrics = ids.length; // read before `post`, because the array has no items after its transfer
    post(batch, [ids.buffer, counts.buffer, numbers.buffer, lines.text.buffer, lines.ends.buffer]);
    this.#next = performance.now() + Math.min(longest, SHORTEST_MS + metrics / METRICS_PER_MS);
    this.#sent++;
    for (;;) {
      const dealtWith = Atomics.load(shared, done);
      if (this.#sent - dealtWith < MAX_BATCHES) return;
      Atomics.wait(shared, done, dealtWith, WAIT_MS);
    }
  }
}

/** Counts a batch as dealt with, and wakes its reader. The main thread calls it. `done` is the index of the number in `shared`. */
export function countDealtWith(shared: Int32Array, done: number): void {
  Atomics.add(shared, done, 1);
  Atomics.notify(shared, done);
}
