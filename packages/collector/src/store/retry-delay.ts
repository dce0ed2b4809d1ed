const SHORTEST_MS = 1_000;
const LONGEST_MS = 60_000;

/**
 * The wait before the next try. Its limit is 1 s at first, and doubles each time, up to 1 min. The wait is half of it or more.
 */
export class RetryDelay {
  readonly #random: () => number;
  #longest = SHORTEST_MS;

  /** @param random - from 0 to 1. The wait is random, because many collectors must not ask a store all at once. */
  constructor(random: () => number = Math.random) {
    this.#random = random;
  }

  /** @param wanted - the wait that the store asks for, in ms. */
  next(wanted = 0): number {
    const delay = this.#longest * (0.5 + this.#random() / 2);
    this.#longest = Math.min(LONGEST_MS, this.#longest * 2);
    return Math.min(LONGEST_MS, Math.max(delay, wanted));
  }

  reset(): void {
    this.#longest = SHORTEST_MS;
  }
}
