import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Decoded, Exemplar, Logger, Rule } from '@afstatsd/core';
import type { BoundMetric } from '@afstatsd/prometheus/parts';
import { describe, logTo } from '@afstatsd/core/instrument';
import {
  type ExpiryTimes,
  Recording,
  scalesOf,
  MetricsPage,
  PageFamilies,
  PrometheusNaming,
  describedBy,
  KEEP_ALIVE_MS,
  Scrapers,
} from '@afstatsd/prometheus/parts';
import { OnceAMinute } from '../../once-a-minute.js';
import { Connections } from '../connections.js';
import { hostGuard } from '../host-guard.js';
import type { Output, OutputStats } from '../output.js';

export interface PrometheusOptions {
  /** The address to listen on. Default 127.0.0.1, so that only this machine may ask. */
  readonly host?: string | undefined;
  /** The port to listen on. With 0 the system picks a free one. Default 9102. */
  readonly port?: number | undefined;
  /** Upper bounds of the buckets for timers, in seconds. Default 1 ms to 10 s. */
  readonly bounds?: readonly number[] | undefined;
  /** Upper bounds for DogStatsD's histograms and distributions, in their own unit. Default 1 to 1,000,000. */
  readonly valueBounds?: readonly number[] | undefined;
  /** A prefix of every name, followed by `_`. Default: none. */
  readonly prefix?: string | undefined;
  /** The time, in ms, in which a set counts distinct members. Default 60,000. */
  readonly setWindow?: number | undefined;
  readonly maxMetrics?: number | undefined;
  /** Host names in requests that are accepted, beside those that `hostGuard` knows. Default: none. */
  readonly allowHosts?: readonly string[] | undefined;
  /** The time, in ms, after which a response that makes no progress is ended. Default 10,000. */
  readonly stallTimeout?: number | undefined;
  /** The most connections at once. Default 128. */
  readonly maxConnections?: number | undefined;
  /** The time without a sample after which a metric of each kind is removed, in ms. Default: never. */
  readonly expire?: ExpiryTimes | undefined;
  /** Rules that set bounds, unit, description or names of series. Default: only the built-in rules. */
  readonly rules?: readonly Rule[] | undefined;
  readonly logger?: Logger | undefined;
  /** A clock in ms that never goes back, by which new series are held at 0. Default `performance.now`. */
  readonly now?: (() => number) | undefined;
}

/** A response that makes no progress for this time, in ms, is ended. */
const STALL_MS = 10_000;
/** The longest time for the head of a request, in ms. */
const HEADERS_MS = 10_000;
const MAX_CONNECTIONS = 128;

/** Serves the metrics to Prometheus at `/metrics`. `/healthz` answers while the collector is up. */
export class PrometheusOutput implements Output {
  readonly #host: string;
  readonly #port: number;
  readonly #setWindow: number;
  readonly #recording: Recording;
  readonly #families: PageFamilies;
  readonly #server: Server;
  readonly #allowHosts: readonly string[];
  readonly #logger: Logger | undefined;
  readonly #connections: Connections;
  readonly #page: MetricsPage;
  readonly #said = new OnceAMinute();
  #answersTo: (host: string | undefined) => boolean = () => false;
  readonly #now: () => number;
  readonly #scrapers = new Scrapers();
  #windows: NodeJS.Timeout | undefined;
  #errors = 0;

  /** @throws TypeError for an option that can't be used. */
  constructor(options: PrometheusOptions = {}) {
    this.#host = options.host ?? '127.0.0.1';
    this.#port = options.port ?? 9102;
    this.#setWindow = options.setWindow ?? 60_000;
    const describeSeries = describedBy(options.rules);
    this.#recording = new Recording(scalesOf(options), { ...options, describe: describeSeries });
    this.#families = new PageFamilies(new PrometheusNaming(options.prefix, describeSeries), describeSeries);
    this.#now = options.now ?? (() => performance.now());
    this.#page = new MetricsPage(this.#families, this.#scrapers, this.#now, (text) => {
      logTo(this.#logger, 'warn', `Prometheus output: ${text}`);
    });
    this.#allowHosts = options.allowHosts ?? [];
    this.#logger = options.logger;
    this.#connections = new Connections(options.maxConnections ?? MAX_CONNECTIONS);
    this.#server = this.#makeServer(options.stallTimeout ?? STALL_MS);
  }

  /** The URL of the page. With the option 0, it has the port that the system picked. */
  get url(): string {
    const port = (this.#server.address() as AddressInfo | null)?.port ?? this.#port;
    return `http://${this.#host.includes(':') ? `[${this.#host}]` : this.#host}:${port}/metrics`;
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', (error: NodeJS.ErrnoException) => reject(this.#explained(error)));
      this.#server.listen({ host: this.#host, port: this.#port }, resolve);
    });
    const { address } = this.#server.address() as AddressInfo;
    this.#answersTo = hostGuard({ host: this.#host, address, allowHosts: this.#allowHosts });
    this.#server.removeAllListeners('error').on('error', () => this.#errors++);
    this.#recording.start(() => this.#families.compact());
    this.#windows = setInterval(() => {
      for (const set of this.#recording.sets()) set.roll();
    }, this.#setWindow).unref();
  }

  ingest(metric: Decoded): void {
    const added = this.#recording.ingest(metric);
    if (added !== undefined) this.#page.add(added);
  }

  ingestExemplar(metric: Decoded, exemplar: Exemplar): void {
    this.#recording.addExemplar(metric, exemplar);
  }

  bind(metric: Decoded): BoundMetric | undefined {
    return this.#recording.bind(metric);
  }

  /** Does nothing, because Prometheus decides when to scrape. */
  async flush(): Promise<void> {}

  async close(timeout: number): Promise<void> {
    clearInterval(this.#windows);
    await new Promise<void>((resolve) => {
      const cut = setTimeout(() => this.#server.closeAllConnections(), timeout);
      this.#server.close(() => {
        clearTimeout(cut);
        resolve();
      });
    });
    this.#recording.close();
  }

  wants(): number | undefined {
    return this.#scrapers.shortestGap(this.#now());
  }

  stats(): OutputStats {
    const { recorded, dropped } = this.#recording.counts;
    return {
      name: `prometheus ${this.url}`,
      ...this.#recording.size,
      recorded,
      sent: recorded - dropped,
      dropped: { cardinality: dropped },
      errors: this.#errors,
    };
  }

  #makeServer(stallTimeout: number): Server {
    const options = {
      keepAliveTimeout: KEEP_ALIVE_MS,
      headersTimeout: HEADERS_MS,
      requestTimeout: HEADERS_MS,
      requireHostHeader: false,
    };
    const server = createServer(options, (request, response) => {
      this.#connections.asked(request.socket);
      response.once('close', () => this.#connections.answered(request.socket));
      void this.#answer(request, response);
    });
    server.on('connection', (socket) => {
      if (this.#connections.add(socket)) this.#warn('there are too many connections: the oldest are closed');
    });
    // A socket's timeout starts again whenever its peer takes some bytes.
    server.setTimeout(stallTimeout, (socket) => {
      if (this.#connections.isAnswering(socket)) {
        this.#errors++;
        this.#warn(`a response made no progress for ${stallTimeout} ms, and was ended`);
      }
      socket.destroy();
    });
    return server;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '' } = request;
    const path = url.split('?', 1)[0];
    const isRead = method === 'GET' || method === 'HEAD';
    if (path === '/healthz' && isRead) {
      response.setHeader('Connection', 'close');
      reply(response, 200, 'ok\n');
      return;
    }
    if (!this.#answersTo(request.headers.host)) {
      this.#refuse(request.headers.host ?? '', response);
      return;
    }
    const scraper = path === '/metrics' ? this.#scrapers.asking(request, this.#now()) : undefined;
    // Only a scraper's connection is kept for minutes, because only scrapers are sure to come back.
    if (scraper === undefined) response.setHeader('Connection', 'close');
    if (path !== '/metrics' && path !== '/healthz') {
      reply(response, 404, 'there are /metrics and /healthz\n');
    } else if (!isRead) {
      response.setHeader('Allow', 'GET, HEAD');
      reply(response, 405, `${path} answers to GET\n`);
    } else {
      try {
        await this.#page.answer(request, response, scraper);
      } catch (error) {
        this.#errors++;
        // A page that breaks off must not look like a whole one, so the connection is closed.
        if (response.headersSent) response.destroy();
        else reply(response, 500, `can't write the metrics: ${String(error)}\n`);
      }
    }
  }

  #refuse(host: string, response: ServerResponse): void {
    response.setHeader('Connection', 'close');
    reply(response, 421, 'this is not a name of this collector: see its option --allow-host\n');
    this.#warn(
      `refused a request for host ${describe(host)} (421). If that is a name of this collector, give --allow-host`,
      'host',
    );
  }

  #warn(text: string, kind = text): void {
    if (this.#said.first(kind)) logTo(this.#logger, 'warn', `Prometheus output: ${text}`);
  }

  #explained(error: NodeJS.ErrnoException): Error {
    const where = `Prometheus output: can't listen on ${this.#host}:${this.#port}`;
    const why =
      {
        EADDRINUSE: 'another program does (EADDRINUSE); end it, or choose another port',
        EACCES: 'this user may not (EACCES); choose a port from 1024 on',
        EADDRNOTAVAIL: 'this machine has no such address (EADDRNOTAVAIL)',
        ENOTFOUND: 'there is no such host (ENOTFOUND)',
      }[error.code ?? ''] ?? error.message;
    return new Error(`${where}: ${why}`, { cause: error });
  }
}

function reply(response: ServerResponse, status: number, body: string | Buffer, type = 'text/plain'): void {
  response.writeHead(status, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(body) });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}
