import type { ServerResponse } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** A page that was rendered. */
export interface Page {
  /** Its number among the pages for scrapers; 0 if it is for others. */
  readonly number: number;
  readonly bytes: Buffer;
}

/** Whether new series are shown as 0. */
export type PageKind = 'for scrapers' | 'with true values';

/** How long a page is handed out after it was made, in ms. */
const KEPT_MS = 1_000;
/** When its memory is let go if nobody asks any more, in ms. */
const RELEASED_MS = 10_000;
/** A smaller page is made for each request, in 3 ms or so, so that its values are those of the moment. */
const KEPT_FROM_BYTES = 65_536;
/** Pages in memory, for readers that are slow. More are held as long as they have no more than 64 MiB together. */
const MIN_SENDING = 4;
const MAX_SENDING_BYTES = 64 * 1024 * 1024;

/**
 * Makes pages: one for all who wait, and a large one for the second after, too. Between two pages the event loop has a turn,
 * in which health probes are answered and datagrams are read.
 */
export class Pages {
  readonly #render: (kind: PageKind) => Promise<Page>;
  readonly #waiting = new Map<PageKind, Promise<Page>>();
  readonly #now: () => number;
  readonly #kept = new Map<PageKind, { readonly page: Page; readonly until: number }>();
  /** By the time at which the answers began. */
  readonly #sending = new Map<ServerResponse, Page>();
  #last: Promise<unknown> = Promise.resolve();

  /** @param now - a clock in ms that never goes back. */
  constructor(render: (kind: PageKind) => Promise<Page>, now: () => number) {
    this.#render = render;
    this.#now = now;
  }

  /** The page for a request. Rejects with an error of `render`. */
  get(kind: PageKind): Promise<Page> {
    const kept = this.#kept.get(kind);
    if (kept !== undefined && this.#now() < kept.until) return Promise.resolve(kept.page);
    let page = this.#waiting.get(kind);
    if (page === undefined) {
      page = this.#last.then(() => this.#make(kind));
      this.#waiting.set(kind, page);
      this.#last = page.catch(() => {}); // those who wait for it get the error
    }
    return page;
  }

  /** Notes that a page is on its way. Its memory counts until the response is closed. */
  send(response: ServerResponse, page: Page): void {
    if (response.destroyed) return;
    this.#sending.set(response, page);
    response.once('close', () => this.#sending.delete(response));
  }

  async #make(kind: PageKind): Promise<Page> {
    await nextTurn();
    this.#waiting.delete(kind);
    const page = await this.#render(kind);
    if (page.bytes.length >= KEPT_FROM_BYTES) {
      const kept = { page, until: this.#now() + KEPT_MS };
      this.#kept.set(kind, kept);
      setTimeout(() => this.#kept.get(kind) === kept && this.#kept.delete(kind), RELEASED_MS).unref();
    }
    this.#cutSlowest();
    return page;
  }

  /** Lets go of the readers of the oldest pages, if pages take too much memory. */
  #cutSlowest(): void {
    const pages = new Set(this.#sending.values());
    let bytes = 0;
    for (const page of pages) bytes += page.bytes.length;
    for (const page of pages) {
      if (pages.size < MIN_SENDING || bytes <= MAX_SENDING_BYTES) return;
      pages.delete(page);
      bytes -= page.bytes.length;
      for (const [response, its] of this.#sending) if (its === page) response.destroy();
    }
  }
}
