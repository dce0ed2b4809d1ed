import { performance } from 'node:perf_hooks';
import type { Queue } from '@afstatsd/mqueue';

/** The interval at which the mark is set again, in ms, because another process may hide it. */
const LOOK_MS = 1_000;

/** The mark on the queue. It tells clients how often to send. Without a mark, clients keep their own interval. */
export class ClientMark {
  readonly #onBlocked: () => void;
  #queue: Queue | undefined;
  #interval = 0;
  #lookAgain = 0;
  #toldBlocked = false;

  /** @param onBlocked - called once, the first time that another process keeps the mark from being set or seen. */
  constructor(onBlocked: () => void) {
    this.#onBlocked = onBlocked;
  }

  /**
   * Sets the mark on this queue, if it is due. Called in each turn, because the queue or the interval may change.
   *
   * @param interval - in ms. 0 for none yet.
   */
  keep(queue: Queue, interval: number): void {
    const now = performance.now();
    const changed = queue !== this.#queue || interval !== this.#interval;
    if (interval === 0 || (!changed && now < this.#lookAgain)) return;
    this.#lookAgain = now + LOOK_MS;
    if (queue.setMark(interval) === 'blocked') {
      if (!this.#toldBlocked) this.#onBlocked();
      this.#toldBlocked = true;
    } else {
      this.#queue = queue;
      this.#interval = interval;
    }
  }
}
