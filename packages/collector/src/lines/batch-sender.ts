import { performance } from 'node:perf_hooks';
import type { Pending } from './pending.js';
import type { ReadBatch } from './read-batch.js';

/** While messages come, what was read is handed over so often, in ms: less often when the main thread had much to do with the last. */
const SHORTEST_MS = 20;
/** How many metrics of a batch are worth a ms. */
const METRICS_PER_MS = 1;
/** Batches that may be on their way. Past that the reader waits, so that what comes in stays where it is. */
const MAX_BATCHES = 4;
/** How long it waits at once, in ms. */
const WAIT_MS = 100;

export interface BatchSenderOptions {
  /** Shared with the main thread, which counts at `done` the batches that it has dealt with. */
  readonly shared: Int32Array;
  readonly done: number;
  /** The longest time between two batches, in ms. */
  readonly longest: number;
  readonly post: (batch: ReadBatch, transfer: ArrayBuffer[]) => void;
}

/** Hands what a reader's thread has read over to the main thread, with back-pressure. */
export class BatchSender {
  readonly #options: BatchSenderOptions;
  #sent = 0;
  #next = -Infinity;

  constructor(options: BatchSenderOptions) {
    this.#options = options;
  }

  /** When the next batch is due, in ms from now; 0 for now. */
  get due(): number {
    return this.dueIn(performance.now());
  }

  /** The same, for those who know the time already. */
  dueIn(now: number): number {
    return Math.max(0, this.#next - now);
  }

  /** Hands over what is pending. Blocks the thread while the main thread is behind. */
  send(pending: Pending): void {
    const { shared, done, longest, post } = this.#options;
    const batch = pending.take();
    const { ids, counts, numbers, lines } = batch;
    const metrics = ids.length; // 0 once it is handed over
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
