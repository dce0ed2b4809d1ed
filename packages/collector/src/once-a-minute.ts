const MINUTE_MS = 60_000;

/** Lets the first event of each key in a minute through. Keys are never removed, because this program has only a few. */
export class OnceAMinute {
  readonly #until = new Map<string, number>();
  readonly #now: () => number;

  /** @param now - a clock in ms that never goes back. Default `performance.now`. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Whether this is the first event of the key for a minute. */
  first(key: string): boolean {
    const now = this.#now();
    if (now < (this.#until.get(key) ?? -Infinity)) return false;
    this.#until.set(key, now + MINUTE_MS);
    return true;
  }
}
