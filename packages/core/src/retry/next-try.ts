import { now } from '../host/clock.js';

/** How long to wait before another try, in ms. While a receiver is there but has no room, `Backoff` decides. */
export const RETRY_MS = {
  /** The queue, while the fallback is in use. With `interval: 0` each sample opens the transport, so not each one tries. */
  queue: 5,
  /** An absent receiver, while samples are sent one by one. Otherwise the next flush tries. */
  receiver: 250,
  /** The second flush, counted from the first sample, where nobody was there at the first. Only then that is said. */
  secondFlush: 5_000,
  /** The address of a host, after a look-up that failed. */
  lookup: 1_000,
} as const;

/** The time from which on something is tried again. At first that is at once. */
export class NextTry {
  #at = 0;

  get isDue(): boolean {
    return now() >= this.#at;
  }

  /** Puts the next try off by so many ms. With `Infinity` nothing is tried again. */
  in(ms: number): void {
    this.#at = now() + ms;
  }

  /** Makes the next try due at once. */
  now(): void {
    this.#at = 0;
  }
}
