import type { IncomingHttpHeaders } from 'node:http';
import { type Connection, Scraper } from './scraper.js';

/**
 * The time for which an idle connection of a scraper is kept open, in ms. Two scrapers on one host differ only in their
 * connections. So a connection has to outlive the longest time for which a scraper is active, which is 5 min.
 */
export const KEEP_ALIVE_MS = 330_000;

/** The header in which Prometheus and VictoriaMetrics say how long they wait for the page. */
const TIMEOUT_HEADER = 'x-prometheus-scrape-timeout-seconds';
/** The most scrapers that are remembered. One more makes the oldest forgotten, by its last request. */
const MAX_SCRAPERS = 100;
/** The characters of a header that are kept. The number is bounded, so that long headers take no memory. */
const MAX_HEADER_LENGTH = 200;

/** The part of a request that tells scrapers apart. */
export interface Asking {
  readonly method?: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly socket: Connection;
}

/** The known scrapers. A scraper is known by its connection. A new connection may continue a closed one. */
export class Scrapers {
  /** The scrapers, in the order of their last request. */
  readonly #known = new Set<Scraper>();

  /**
   * Notes a request for the page.
   *
   * @param now - the time, in ms.
   * @returns The scraper that asks, or undefined for curl, a probe, or anything else that isn't known to scrape.
   */
  asking({ method, headers, socket }: Asking, now: number): Scraper | undefined {
    const timeout = headers[TIMEOUT_HEADER];
    if (timeout === undefined || method !== 'GET') return undefined;
    const origin = originOf(socket.remoteAddress, headers['user-agent'], String(timeout));
    this.#forget(now);
    const known = this.#find(origin, socket);
    known?.askAgain(socket, now);
    const scraper = known ?? new Scraper(origin, socket, now);
    this.#remember(scraper);
    return scraper;
  }

  /** The number of the newest page that every active scraper has had. Infinity while no scraper is active. */
  pageOfAll(now: number): number {
    let page = Infinity;
    for (const scraper of this.#known) if (scraper.isActive(now)) page = Math.min(page, scraper.lastPage);
    return page;
  }

  /** The shortest time between two requests of an active scraper, in ms. Undefined while no gap is known. */
  shortestGap(now: number): number | undefined {
    let shortest: number | undefined;
    for (const scraper of this.#known) {
      const gap = scraper.isActive(now) ? scraper.gap : undefined;
      if (gap !== undefined && gap < (shortest ?? Infinity)) shortest = gap;
    }
    return shortest;
  }

  /** The scraper of this connection, or one whose connection was closed. */
  #find(origin: string, connection: Connection): Scraper | undefined {
    let closed: Scraper | undefined;
    for (const scraper of this.#known) {
      if (scraper.origin !== origin) continue;
      if (scraper.connection === connection) return scraper;
      if (!scraper.connection.writable) closed ??= scraper;
    }
    return closed;
  }

  #remember(scraper: Scraper): void {
    this.#known.delete(scraper);
    this.#known.add(scraper);
    if (this.#known.size <= MAX_SCRAPERS) return;
    const [oldest] = this.#known;
    this.#known.delete(oldest!);
  }

  #forget(now: number): void {
    for (const scraper of this.#known) {
      if (!scraper.isGone(now)) return;
      this.#known.delete(scraper);
    }
  }
}

function originOf(address = '', agent = '', timeout: string): string {
  return JSON.stringify([address, agent.slice(0, MAX_HEADER_LENGTH), timeout.slice(0, MAX_HEADER_LENGTH)]);
}
