import { performance } from 'node:perf_hooks';
import type { Queue } from '@afstatsd/mqueue';

/** How often it is seen to that the mark is still there for all to see, in ms. */
const LOOK_MS = 1_000;

/** The mark on the queue by which clients see how often to send. Where there can be none, they keep to their own interval. */
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

  /** Sees to the mark on this queue. Called over and over, since it may be another queue, or another interval (ms; 0: none). */
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
