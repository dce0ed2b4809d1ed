import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type { Decoded } from '@afstatsd/core';
import type { Log } from '../log.js';
import type { Output, OutputStats } from '../output/output.js';
import {
  API_VERSION,
  type ClientItem,
  type ClientList,
  type Hello,
  type Status,
  type Tick,
  type Value,
} from './api.js';
import { itemOf, metricList, points, seriesAnswer, steps, valuesAt, valuesNow } from './answers.js';
import { History } from './history.js';
import type { LiveSeries } from './live-series.js';
import { LiveServer } from './live-server.js';
import { eventText } from './viewers.js';

export interface LivePageOptions {
  readonly host: string;
  /** With 0 the system picks a free port. */
  readonly port: number;
  /** Host names in requests that are accepted. Addresses and the machine's own names are accepted in any case. */
  readonly allowHosts: readonly string[];
  /** The number of places for series. A timer takes two places. */
  readonly maxMetrics: number;
  /** Steps of 5 s that are kept. */
  readonly points: number;
  readonly log: Log;
  /** The collector's own health. */
  readonly status: () => CollectorStatus;
  /** The clients that report themselves. */
  readonly clients: () => readonly ClientItem[];
  /** A clock in ms that never goes back. Default `performance.now`. */
  readonly now?: (() => number) | undefined;
}

/** The part of the status that the page doesn't know by itself. */
export type CollectorStatus = Omit<Status, 'history' | 'viewers'>;

const TICK_MS = 1_000;
/** The time until a new series is shown, in ms. Series that come meanwhile are shown with it. */
const EARLY_MS = 200;
/** The interval that the page wants while somebody looks, in ms. Clients are asked to send twice as often, so each second. */
const WANTED_MS = 2_000;
/** The time for which a request with `watch` counts as somebody looking, in ms. `top` sends such a request each second. */
const WATCH_MS = 5_000;

/** Shows incoming metrics in a browser. It keeps a short history, and passes nothing on. */
export class LivePage implements Output {
  readonly #options: LivePageOptions;
  readonly #history: History;
  readonly #server: LiveServer;
  /** Tells one run of the collector from another. */
  readonly #run = randomUUID();
  #ticks: NodeJS.Timeout | undefined;
  #early: NodeJS.Timeout | undefined;
  /** The step under way at the last tick. */
  #told = 0;
  #watchedUntil = -Infinity;
  readonly #now: () => number;

  constructor(options: LivePageOptions) {
    this.#options = options;
    this.#now = options.now ?? ((): number => performance.now());
    this.#history = new History(options);
    this.#server = new LiveServer({
      ...options,
      hello: () => eventText('hello', this.#hello()),
      answer: (path, query) => this.#answer(path, query),
    });
  }

  /** The address that the page listens on. Undefined while it doesn't listen. */
  get address(): AddressInfo | undefined {
    return this.#server.address;
  }

  /** Listens. A port in use is logged and tried again later, because the collector works without its page. */
  async start(): Promise<void> {
    await this.#server.start();
    this.#ticks = setInterval(() => this.#tick(), TICK_MS).unref();
  }

  ingest(metric: Decoded): void {
    this.#history.ingest(metric);
    // A new series doesn't wait for the next tick, because its first sample has already waited for the client's interval.
    if (this.#history.hasNew && this.#server.viewers.size > 0 && this.#early === undefined) {
      this.#early = setTimeout(() => {
        this.#early = undefined;
        this.#tick();
      }, EARLY_MS).unref();
    }
  }

  /** Does nothing, because viewers get a tick each second in any case. */
  async flush(): Promise<void> {}

  async close(): Promise<void> {
    clearInterval(this.#ticks);
    clearTimeout(this.#early);
    await this.#server.close();
  }

  /** The interval that the page wants, in ms. Undefined while nobody looks. */
  wants(): number | undefined {
    const isWatched = this.#server.viewers.size > 0 || this.#now() < this.#watchedUntil;
    return isWatched ? WANTED_MS : undefined;
  }

  stats(): OutputStats {
    const { samples, leftOut, held, limit } = this.#history;
    const name = `page ${this.#server.url}`;
    const size = { held, maxMetrics: limit };
    return {
      name,
      ...size,
      recorded: samples,
      sent: samples - leftOut,
      dropped: { cardinality: leftOut },
      errors: 0,
    };
  }

  #hello(): Hello {
    this.#history.advance();
    return { version: API_VERSION, ...steps(this.#history, this.#run), status: this.#status() };
  }

  #answer(path: string, query: URLSearchParams): unknown {
    const history = this.#history;
    history.advance();
    switch (path) {
      case '/api/v1/metrics':
        if (query.has('watch')) this.#watchedUntil = this.#now() + WATCH_MS;
        return metricList(history, this.#run, query);
      case '/api/v1/series':
        return seriesAnswer(history, this.#run, query);
      case '/api/v1/points':
        return points(history, this.#run, query);
      case '/api/v1/status':
        return { version: API_VERSION, ...steps(history, this.#run), status: this.#status() };
      case '/api/v1/clients':
        return this.#clients();
      default:
        return undefined;
    }
  }

  #tick(): void {
    const history = this.#history;
    history.advance();
    const ended = history.step - this.#told;
    this.#told = history.step;
    const { added, gone } = history.takeChanges();
    // A tick has the values of one ended step only. So after a pause, as when the machine slept, viewers load everything again.
    if (ended > 1) this.#server.viewers.send('resync', () => ({}));
    this.#server.viewers.send('tick', () => this.#tickOf(added, gone, ended > 0));
  }

  #tickOf(added: readonly LiveSeries[], gone: readonly number[], hasEnded: boolean): Tick {
    const history = this.#history;
    const { step } = history;
    const now: Value[][] = [];
    const ended: Value[][] = [];
    for (const series of history.all()) {
      const { id } = series.identity;
      // A rate falls for two more steps after the last sample.
      if (step - series.touched <= 2) now.push([id, ...valuesNow(series, history)]);
      if (hasEnded && step - series.touched <= 1) ended.push([id, ...valuesAt(series, step - 1)]);
    }
    return {
      ...steps(history, this.#run),
      status: this.#status(),
      metrics: added.map((series) => itemOf(series, history)),
      gone,
      now,
      ...(hasEnded ? { ended } : {}),
    };
  }

  #clients(): ClientList {
    return { version: API_VERSION, run: this.#run, clients: this.#options.clients() };
  }

  #status(): Status {
    const { held, limit, size, leftOut } = this.#history;
    return {
      ...this.#options.status(),
      history: { held, limit, series: size, leftOut },
      viewers: this.#server.viewers.size,
    };
  }
}
