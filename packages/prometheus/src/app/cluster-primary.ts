import type { Cluster, Worker } from 'node:cluster';
import { setTimeout, clearTimeout } from 'node:timers';
import type { Connection } from '../scrape/scraper.js';
import { type FromPrimary, type FromWorker, marked, readMarked } from './cluster-protocol.js';
import type { Totals } from './totals.js';

/** The most scrapers whose connections are remembered. One more makes the primary forget the first one. */
const MOST_ADDRESSES = 100;

/** The primary's end of a cluster. Adds up the workers' metrics, makes them flush before a page, and makes pages for them. */
export class ClusterPrimary {
  readonly #cluster: Cluster;
  readonly #totals: Totals;
  readonly #timeout: number;
  readonly #flushOwn: () => Promise<unknown>;
  /** The workers that called `prometheusPage`. Other workers aren't waited for. */
  readonly #workers = new Set<Worker>();
  /** The pending flushes, by their number. */
  readonly #awaited = new Map<number, (worker: Worker) => void>();
  /** A connection for each scraper's address, because the scraper's real connections may end at any worker. */
  readonly #connections = new Map<string, Connection>();
  #lastId = 0;

  /**
   * @param timeout - the longest wait for workers, in ms.
   * @param flushOwn - flushes the primary's own client.
   */
  constructor(cluster: Cluster, totals: Totals, timeout: number, flushOwn: () => Promise<unknown>) {
    this.#cluster = cluster;
    this.#totals = totals;
    this.#timeout = timeout;
    this.#flushOwn = flushOwn;
    cluster.on('message', this.#onMessage).on('disconnect', this.#onGone).on('exit', this.#onGone);
  }

  /** Makes all processes hand over their metrics. The metrics of a worker that doesn't answer in time are on the next page. */
  async refresh(): Promise<void> {
    await Promise.all([this.#flushOwn(), this.#flushWorkers()]);
  }

  close(): void {
    this.#cluster.off('message', this.#onMessage).off('disconnect', this.#onGone).off('exit', this.#onGone);
  }

  readonly #onMessage = (worker: Worker, message: unknown): void => {
    const ours = readMarked(message) as FromWorker | undefined;
    if (ours === undefined) return;
    switch (ours.type) {
      case 'hello':
        this.#workers.add(worker);
        break;
      case 'metrics':
        this.#totals.add(ours, String(worker.id));
        break;
      case 'flushed':
        this.#awaited.get(ours.id)?.(worker);
        break;
      case 'page':
        this.#sendPage(worker, ours).catch((error: unknown) =>
          tell(worker, {
            type: 'failed',
            id: ours.id,
            text: error instanceof Error ? error.message : String(error),
          }),
        );
    }
  };

  readonly #onGone = (worker: Worker): void => {
    this.#workers.delete(worker);
    for (const answered of this.#awaited.values()) answered(worker);
    this.#totals.forgetGauges(String(worker.id));
  };

  async #flushWorkers(): Promise<void> {
    const waiting = new Set(this.#workers);
    if (waiting.size === 0) return;
    const id = ++this.#lastId;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.#timeout);
      this.#awaited.set(id, (worker) => {
        waiting.delete(worker);
        if (waiting.size > 0) return;
        clearTimeout(timer);
        resolve();
      });
      for (const worker of waiting) tell(worker, { type: 'flush', id });
    });
    this.#awaited.delete(id);
  }

  async #sendPage(worker: Worker, asked: Extract<FromWorker, { type: 'page' }>): Promise<void> {
    await this.refresh();
    const { id, method, headers, address } = asked;
    const { headers: own, body } = await this.#totals.render({
      method,
      headers,
      socket: this.#connectionOf(address),
    });
    tell(worker, { type: 'page', id, headers: own, body: body.toString('base64') });
  }

  #connectionOf(remoteAddress: string): Connection {
    let connection = this.#connections.get(remoteAddress);
    if (connection === undefined) {
      connection = { remoteAddress, writable: true };
      this.#connections.set(remoteAddress, connection);
      const [first] = this.#connections.keys();
      if (this.#connections.size > MOST_ADDRESSES) this.#connections.delete(first!);
    }
    return connection;
  }
}

/** Sends a message to a worker. Errors are ignored, because a worker that has just gone has its own event. */
function tell(worker: Worker, message: FromPrimary): void {
  if (worker.isConnected()) worker.send(marked(message), () => {});
}
