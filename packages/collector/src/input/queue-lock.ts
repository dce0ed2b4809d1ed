import { performance } from 'node:perf_hooks';
import type { Queue } from '@afstatsd/mqueue';
import { type Holder, describeHolders, holdersOf } from './lock-holders.js';

/** How long a collector waits for another one that has the queue: for one that empties it and ends, because it is replaced. In ms. */
const WAIT_MS = 10_000;
/** The mark of a collector that can't be seen itself is there so soon after its lock, in ms. */
const MARK_MS = 1_000;
/** How often a lock that isn't held is tried again while the queue is read, in ms. */
const RETRY_MS = 1_000;

export interface QueueLockOptions {
  /** Whether other collectors may read the queue, too. */
  readonly isShared: boolean;
  /** Whether a user's processes are taken for collectors. */
  readonly isTrusted: (uid: number) => boolean;
  /** Pauses for a moment. False: the collector is to end. */
  readonly pause: () => boolean;
  readonly onWait: (holder: string) => void;
  readonly onIgnored: (holder: string) => void;
}

/**
 * The lock by which collectors keep off each other's queue: two on one queue would split the numbers between them. Everybody
 * who may send to the queue can hold it. So a holder that isn't to be trusted is ignored, because anybody could keep the
 * collector from starting otherwise.
 */
export class QueueLock {
  readonly #options: QueueLockOptions;
  #isSettled = false;
  #tryAgain = 0;

  constructor(options: QueueLockOptions) {
    this.#options = options;
  }

  /**
   * Locks a queue before it is read, and waits for another collector that has it.
   *
   * @returns False when the collector is to end before that.
   * @throws Error when the other collector hasn't let go in time.
   */
  take(queue: Queue): boolean {
    const { isShared, pause, onWait, onIgnored } = this.#options;
    const began = performance.now();
    for (let tries = 0; ; tries++) {
      if (this.#try(queue) || isShared) return true;
      const holders = holdersOf(queue);
      const waited = performance.now() - began;
      if (this.#isIgnored(holders, queue, waited)) {
        onIgnored(describeHolders(holders));
        return true;
      }
      if (tries === 0) onWait(describeHolders(holders));
      if (waited >= WAIT_MS) {
        throw new Error(
          `queue ${queue.name} is read by another collector, ${describeHolders(holders)}, and two would split the numbers between them. ` +
            'End one of them, or give this one another --queue; if they are meant to share the queue, give --shared-queue',
        );
      }
      if (!pause()) return false;
    }
  }

  /** Tries again, now and then, if the queue that is being read isn't locked. */
  keep(queue: Queue): void {
    const now = performance.now();
    if (this.#isSettled || now < this.#tryAgain) return;
    this.#tryAgain = now + RETRY_MS;
    this.#try(queue);
  }

  /** Where locks aren't supported there is nothing to wait for. */
  #try(queue: Queue): boolean {
    this.#isSettled = queue.lock(this.#options.isShared ? 'shared' : 'exclusive') !== 'held';
    return this.#isSettled;
  }

  /**
   * A user who is known decides. Where none is, because the process is hidden, or in another container, the mark on the queue
   * does: it can be set only by who may read the queue.
   */
  #isIgnored(holders: readonly Holder[], queue: Queue, waited: number): boolean {
    const { isTrusted } = this.#options;
    if (holders.some(({ uid }) => uid !== undefined && isTrusted(uid))) return false;
    const isKnown = holders.length > 0 && holders.every(({ uid }) => uid !== undefined);
    return isKnown || (waited >= MARK_MS && queue.mark === undefined);
  }
}
