/** The time for which a scraper is active after its first request, in ms. */
const ACTIVE_AFTER_FIRST_MS = 60_000;
/** Limits of the time for which a scraper is active later, in ms. Within these limits it is three gaps between its requests. */
const SHORTEST_ACTIVE_MS = 10_000;
const LONGEST_ACTIVE_MS = 300_000;
/** The number of gaps that are remembered. The longest of them counts, so that an early request changes nothing. */
const GAPS = 3;

/** The part of a socket that tells scrapers apart. */
export interface Connection {
  readonly remoteAddress?: string | undefined;
  /** False once the connection is closed, or about to be closed. */
  readonly writable: boolean;
}

/** A program that scrapes, with the times of its requests and its newest page. All times are in ms of one clock. */
export class Scraper {
  /** The address and the headers of its requests. A scraper with a new connection is recognised by them. */
  readonly origin: string;
  #connection: Connection;
  #lastPage = 0;
  #askedAt: number;
  #gaps: readonly number[] = [];

  /** @param now - the time of the first request. */
  constructor(origin: string, connection: Connection, now: number) {
    this.origin = origin;
    this.#connection = connection;
    this.#askedAt = now;
  }

  /** The connection of its last request. */
  get connection(): Connection {
    return this.#connection;
  }

  /** The number of the newest page that it has had in full. 0 before the first page. */
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

  /** The time between two of its requests, in ms. Undefined before the second request. */
  get gap(): number | undefined {
    return this.#gaps.length === 0 ? undefined : Math.max(...this.#gaps);
  }

  /** Whether another request is expected. */
  isActive(now: number): boolean {
    return now - this.#askedAt <= this.#activeFor;
  }

  /** Whether the last request is older than the longest time for which a scraper is active. */
  isGone(now: number): boolean {
    return now - this.#askedAt > LONGEST_ACTIVE_MS;
  }

  get #activeFor(): number {
    const { gap } = this;
    if (gap === undefined) return ACTIVE_AFTER_FIRST_MS;
    return Math.min(Math.max(3 * gap, SHORTEST_ACTIVE_MS), LONGEST_ACTIVE_MS);
  }
}
