import type { IncomingMessage } from 'node:http';
import { clearTimeout, setTimeout } from 'node:timers';
import type { RenderedPage } from '../scrape/metrics-page.js';
import { type FromPrimary, type FromWorker, marked, readMarked } from './cluster-protocol.js';
import type { Taken, Taker } from './page-transport.js';

/** The most messages to the primary that haven't left yet. With more, metrics stay with the client. */
const MOST_ON_THEIR_WAY = 16;
/** The headers that choose the form of a page, and tell scrapers apart. */
const HEADERS = ['accept', 'accept-encoding', 'user-agent', 'x-prometheus-scrape-timeout-seconds'];

/** The part of a request that the primary needs. */
export type Asked = Pick<IncomingMessage, 'method' | 'headers'> & {
  readonly socket: { readonly remoteAddress?: string | undefined };
};

/** A worker's end: hands metrics over to the primary, and gets pages from it. */
export class ClusterWorker implements Taker {
  readonly detail = 'the primary process of the cluster';
  readonly #timeout: number;
  readonly #flush: () => Promise<unknown>;
  readonly #awaited = new Map<number, (answer: RenderedPage | Error) => void>();
  #onTheirWay = 0;
  #lastId = 0;

  /**
   * @param timeout - the longest time that the primary waits for workers, in ms.
   * @param flush - flushes the client.
   */
  constructor(timeout: number, flush: () => Promise<unknown>) {
    this.#timeout = timeout;
    this.#flush = flush;
    process.on('message', this.#onMessage);
    this.#tell({ type: 'hello' });
  }

  isOpen(): boolean {
    return process.connected;
  }

  take(taken: Taken): 'ok' | 'full' | 'unavailable' {
    if (!process.connected) return 'unavailable';
    if (this.#onTheirWay >= MOST_ON_THEIR_WAY) return 'full';
    return this.#tell({ type: 'metrics', ...taken }) ? 'ok' : 'unavailable';
  }

  /** The page of the whole cluster. Undefined if the primary doesn't answer. @throws Error if the primary can't make the page. */
  async page({ method = 'GET', headers, socket }: Asked): Promise<RenderedPage | undefined> {
    const id = ++this.#lastId;
    const chosen = Object.fromEntries(HEADERS.flatMap((name) => entryOf(name, headers[name])));
    const address = socket.remoteAddress ?? '';
    try {
      return await new Promise<RenderedPage | undefined>((resolve, reject) => {
        const timer = setTimeout(() => resolve(undefined), 2 * this.#timeout + 1000);
        this.#awaited.set(id, (answer) => {
          clearTimeout(timer);
          if (answer instanceof Error) reject(answer);
          else resolve(answer);
        });
        if (this.#tell({ type: 'page', id, method, address, headers: chosen })) return;
        clearTimeout(timer);
        resolve(undefined);
      });
    } finally {
      this.#awaited.delete(id);
    }
  }

  close(): void {
    process.off('message', this.#onMessage);
  }

  readonly #onMessage = (message: unknown): void => {
    const ours = readMarked(message) as FromPrimary | undefined;
    if (ours === undefined) return;
    if (ours.type === 'flush') {
      const answer = (): unknown => this.#tell({ type: 'flushed', id: ours.id });
      // A failed flush is answered as well, because the page then shows the metrics that have arrived.
      this.#flush().then(answer, answer);
      return;
    }
    const isPage = ours.type === 'page';
    this.#awaited.get(ours.id)?.(
      isPage ? { headers: ours.headers, body: Buffer.from(ours.body, 'base64') } : new Error(ours.text),
    );
  };

  /** Sends a message. Returns whether the channel took it. */
  #tell(message: FromWorker): boolean {
    if (!process.connected || process.send === undefined) return false;
    try {
      this.#onTheirWay++;
      process.send(marked(message), undefined, {}, () => this.#onTheirWay--);
      return true;
    } catch {
      // The primary has closed the channel, and the event about that hasn't come yet.
      this.#onTheirWay--;
      return false;
    }
  }
}

function entryOf(name: string, value: string | string[] | undefined): [string, string][] {
  return value === undefined ? [] : [[name, String(value)]];
}
