/** A scraper that has asked once is active for this time, in ms. */
const ACTIVE_AFTER_FIRST_MS = 60_000;
/** Later it is active for three of the gaps between its requests, but at least and at most for these times, in ms. */
const SHORTEST_ACTIVE_MS = 10_000;
const LONGEST_ACTIVE_MS = 300_000;
/** Gaps that are remembered. The longest of them counts, so that a request that comes early changes nothing. */
const GAPS = 3;

/** The part of a socket by which scrapers are told apart. */
export interface Connection {
  readonly remoteAddress?: string | undefined;
  /** False once it is closed, or about to be. */
  readonly writable: boolean;
}

/** A program that scrapes: how often it asks, and what it has had. All times are in ms, of one clock. */
export class Scraper {
  /** From where and as what it asks. A scraper behind a new connection is known by it. */
  readonly origin: string;
  #connection: Connection;
  #lastPage = 0;
  #askedAt: number;
  #gaps: readonly number[] = [];

  /** @param now - the time of its first request. */
  constructor(origin: string, connection: Connection, now: number) {
    this.origin = origin;
    this.#connection = connection;
    this.#askedAt = now;
  }

  /** The connection of its last request. */
  get connection(): Connection {
    return this.#connection;
  }

  /** The number of the newest page that it has had in full; 0 before the first one. */
  get lastPage(): number {
    return this.#lastPage;
  }

  /** Notes another request. */
  askAgain(connection: Connection, now: number): void {
    this.#connection = connection;
    this.#gaps = [...this.#gaps.slice(1 - GAPS), now - this.#askedAt];
    this.#askedAt = now;
  }

  /** Notes a page that it has had in full. */
  had(page: number): void {
    this.#lastPage = Math.max(this.#lastPage, page);
  }

  /** The time between two of its requests, in ms; undefined before the second one. */
  get gap(): number | undefined {
    return this.#gaps.length === 0 ? undefined : Math.max(...this.#gaps);
  }

  /** Whether it is expected to ask again. */
  isActive(now: number): boolean {
    return now - this.#askedAt <= this.#activeFor;
  }

  /** Whether its last request is too long ago for any scraper to be active. */
  isGone(now: number): boolean {
    return now - this.#askedAt > LONGEST_ACTIVE_MS;
  }

  get #activeFor(): number {
    const { gap } = this;
    if (gap === undefined) return ACTIVE_AFTER_FIRST_MS;
    return Math.min(Math.max(3 * gap, SHORTEST_ACTIVE_MS), LONGEST_ACTIVE_MS);
  }
}
