import type { ServerResponse } from 'node:http';
import type { Chunk } from './chunks.js';
import { SharedPage } from './shared-page.js';

/** A page to be made. */
export interface Draft {
  /** The number of the page among those for scrapers. 0 for another page. */
  readonly number: number;
  readonly chunks: AsyncGenerator<Chunk, void, undefined>;
  /** The approximate length of the page, in bytes before compression. */
  readonly length: number;
}

/** The time after its beginning for which a page is shared with new requests, in ms. */
const KEPT_MS = 1_000;
/** The time after which a page's memory is freed if nobody asks for it any more, in ms. */
const RELEASED_MS = 10_000;
/** A smaller page is made for each request, because it costs little, and its values are those of the moment. */
const KEPT_FROM_BYTES = 65_536;
/** The most bytes of pages that are kept in memory for slow readers. */
const MOST_WAITING_BYTES = 64 * 1024 * 1024;

/** The latest page of a variant, with its approximate length in bytes. */
interface Latest {
  readonly page: SharedPage;
  readonly length: number;
  readonly began: number;
  /** The timer that frees the page. */
  readonly release: NodeJS.Timeout;
}

/**
 * Pages by their variant. All requests of a variant within 1 s share a page, unless it is very short or very long. A page is sent
 * while it is made.
 */
export class Pages {
  readonly #now: () => number;
  readonly #latest = new Map<string, Latest>();
  /** Pages with readers, each with the number of its readers. The oldest page is first. */
  readonly #open = new Map<SharedPage, number>();

  /** @param now - a clock in ms that never goes back. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /**
   * The page for a request.
   *
   * @param variant - requests of the same variant share a page.
   */
  get(variant: string, draft: () => Draft): SharedPage {
    const now = this.#now();
    const latest = this.#latest.get(variant);
    if (latest !== undefined && now - latest.began < KEPT_MS && isShared(latest)) return latest.page;
    if (latest !== undefined) this.#release(latest);
    const { number, chunks, length } = draft();
    const page = new SharedPage(number, chunks);
    const release = setTimeout(() => {
      this.#latest.delete(variant);
      page.closeToNewReaders();
    }, RELEASED_MS).unref();
    this.#latest.set(variant, { page, length, began: now, release });
    return page;
  }

  /**
   * Sends a page, and ends the response.
   *
   * @param head - writes the head of the response. The length is known if the page is short.
   * @throws an error of the page's source.
   */
  async send(page: SharedPage, response: ServerResponse, head: (length?: number) => void): Promise<void> {
    this.#open.set(page, (this.#open.get(page) ?? 0) + 1);
    try {
      for await (const { bytes, isLast } of page.read(response)) {
        if (response.destroyed) return;
        if (!response.headersSent) head(isLast ? bytes.length : undefined);
        if (bytes.length > 0 && !response.write(bytes)) await drained(response);
        this.#cutSlowest();
      }
      response.end();
    } finally {
      const readers = this.#open.get(page)! - 1;
      if (readers === 0) this.#open.delete(page);
      else this.#open.set(page, readers);
    }
  }

  #release({ page, release }: Latest): void {
    clearTimeout(release);
    page.closeToNewReaders();
  }

  /** Cuts off the slowest readers if chunks take too much memory. Readers of the oldest pages are the first. */
  #cutSlowest(): void {
    let waiting = 0;
    for (const page of this.#open.keys()) waiting += page.waiting;
    for (const page of this.#open.keys()) {
      if (waiting <= MOST_WAITING_BYTES) return;
      waiting -= page.waiting;
      for (const response of page.slowest) (response as ServerResponse).destroy();
    }
  }
}

function isShared({ page, length }: Latest): boolean {
  return page.isJoinable && (!page.isComplete || length >= KEPT_FROM_BYTES);
}

/** Waits until the response takes more bytes, or is closed. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    if (response.destroyed) {
      resolve();
      return;
    }
    const done = (): void => {
      response.off('drain', done).off('close', done);
      resolve();
    };
    response.on('drain', done).on('close', done);
  });
}
