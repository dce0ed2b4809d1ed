import { performance } from 'node:perf_hooks';
import type { Queue } from '@afstatsd/mqueue';
import { type Holder, describeHolders, holdersOf } from './lock-holders.js';

/** The longest wait for another collector that has the queue, in ms. A replaced collector empties the queue before it ends. */
const WAIT_MS = 10_000;
/** The longest time between a collector's lock and its mark, in ms. */
const MARK_MS = 1_000;
/** The interval at which a missing lock is tried again while the queue is read, in ms. */
const RETRY_MS = 1_000;

export interface QueueLockOptions {
  /** Whether other collectors may read the queue, too. */
  readonly isShared: boolean;
  /** Whether a user is trusted, so that a process of this user may be a collector. */
  readonly isTrusted: (uid: number) => boolean;
  /** Pauses for a moment. Returns false if the collector has to end. */
  readonly pause: () => boolean;
  readonly onWait: (holder: string) => void;
  readonly onIgnored: (holder: string) => void;
}

/**
 * The lock that keeps a second collector off the queue, because two collectors would split the numbers between them. Every user
 * who may send to the queue can hold the lock. So an untrusted holder is ignored, because otherwise it could keep the collector
 * from starting.
 */
export class QueueLock {
  readonly #options: QueueLockOptions;
  #isSettled = false;
  #tryAgain = 0;

  constructor(options: QueueLockOptions) {
    this.#options = options;
  }

  /**
   * Locks a queue before it is read. Waits for another collector that has it.
   *
   * @returns False if the collector has to end before it has the lock.
   * @throws Error if the other collector still has the queue after 10 s.
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

  /** Tries each second to lock the queue, if it is read without a lock. */
  keep(queue: Queue): void {
    const now = performance.now();
    if (this.#isSettled || now < this.#tryAgain) return;
    this.#tryAgain = now + RETRY_MS;
    this.#try(queue);
  }

  /** Returns whether the lock is settled. A system without locks counts as settled, because there is nothing to wait for. */
  #try(queue: Queue): boolean {
    this.#isSettled = queue.lock(this.#options.isShared ? 'shared' : 'exclusive') !== 'held';
    return this.#isSettled;
  }

  /**
   * Whether the holders are ignored. Their users decide, if they are known. They are unknown if a process is hidden or in another
   * container. Then the mark on the queue decides, because only a process that may read the queue can set it.
   */
  #isIgnored(holders: readonly Holder[], queue: Queue, waited: number): boolean {
    const { isTrusted } = this.#options;
    if (holders.some(({ uid }) => uid !== undefined && isTrusted(uid))) return false;
    const isKnown = holders.length > 0 && holders.every(({ uid }) => uid !== undefined);
    return isKnown || (waited >= MARK_MS && queue.mark === undefined);
  }
}
