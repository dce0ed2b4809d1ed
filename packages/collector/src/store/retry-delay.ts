const SHORTEST_MS = 1_000;
const LONGEST_MS = 60_000;

/** How long to wait before the next try: 1 s at first, and twice as long each time, up to a minute; at random from half of that on. */
export class RetryDelay {
  readonly #random: () => number;
  #longest = SHORTEST_MS;

  /** @param random - from 0 to 1. Many collectors whose store comes back must not ask it all at once. */
  constructor(random: () => number = Math.random) {
    this.#random = random;
  }

  /** @param wanted - in ms, where the store says when it will have room. */
  next(wanted = 0): number {
    const delay = this.#longest * (0.5 + this.#random() / 2);
    this.#longest = Math.min(LONGEST_MS, this.#longest * 2);
    return Math.min(LONGEST_MS, Math.max(delay, wanted));
  }

  reset(): void {
    this.#longest = SHORTEST_MS;
  }
}
