const MINUTE_MS = 60_000;

/** Lets the first one of each key and minute through. Keys are few, and chosen by this program. */
export class OnceAMinute {
  readonly #until = new Map<string, number>();
  readonly #now: () => number;

  /** @param now - a clock in ms that never goes back. Default `performance.now`. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Whether this is the first one of the key for a minute. */
  first(key: string): boolean {
    const now = this.#now();
    if (now < (this.#until.get(key) ?? -Infinity)) return false;
    this.#until.set(key, now + MINUTE_MS);
    return true;
  }
}
