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
  /** 0 takes a free one. */
  readonly port: number;
  /** Names by which others may ask for the page, beside addresses and the machine's own names. */
  readonly allowHosts: readonly string[];
  /** Places for series: a timer takes two. */
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
/** A new series is shown after so long, with all others that have come meanwhile. */
const EARLY_MS = 200;
/** While somebody looks, the page wants numbers so often, and clients are asked to send twice as often, each second. */
const WANTED_MS = 2_000;
/** For so long somebody looks who asks for a list with `watch`, as `top` does each second. */
const WATCH_MS = 5_000;

/** Shows in a browser what comes in. It keeps a short history, and passes nothing on. */
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

  /** Where it listens; undefined while it doesn't. */
  get address(): AddressInfo | undefined {
    return this.#server.address;
  }

  /** Listens. A port that is taken is said, and tried again later: it is no reason to collect nothing. */
  async start(): Promise<void> {
    await this.#server.start();
    this.#ticks = setInterval(() => this.#tick(), TICK_MS).unref();
  }

  ingest(metric: Decoded): void {
    this.#history.ingest(metric);
    // A new series is seen at once, so that somebody who tries the page doesn't wait for two clocks, the client's and this one.
    if (this.#history.hasNew && this.#server.viewers.size > 0 && this.#early === undefined) {
      this.#early = setTimeout(() => {
        this.#early = undefined;
        this.#tick();
      }, EARLY_MS).unref();
    }
  }

  /** Does nothing: viewers hear each second in any case. */
  async flush(): Promise<void> {}

  async close(): Promise<void> {
    clearInterval(this.#ticks);
    clearTimeout(this.#early);
    await this.#server.close();
  }

  /** Nothing while nobody looks. */
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
    // After a pause, such as that of a machine that slept, viewers ask for everything again.
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
