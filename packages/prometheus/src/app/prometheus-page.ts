import cluster from 'node:cluster';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { Statsd, teeTransports } from '@afstatsd/core';
import type { RenderedPage } from '../scrape/metrics-page.js';
import { ClusterPrimary } from './cluster-primary.js';
import { type Asked, ClusterWorker } from './cluster-worker.js';
import { type PageSettings, type PrometheusPageOptions, readPageOptions } from './options.js';
import { PageTransport, type Taker } from './page-transport.js';
import { Totals } from './totals.js';

/** A request of Node.js, Express or Connect, or Fastify's request with Node.js's as `raw`. */
export type PageRequest = IncomingMessage | FastifyLikeRequest;

/** A request that wraps Node.js's request. */
export interface FastifyLikeRequest {
  /** Node.js's request. */
  readonly raw: IncomingMessage;
}

/** A response of Node.js, Express or Connect, or Fastify's reply with Node.js's response as `raw`. */
export type PageResponse = ServerResponse | FastifyLikeReply;

/** A reply that wraps Node.js's response. */
export interface FastifyLikeReply {
  /** Node.js's response. */
  readonly raw: ServerResponse;
  /** Tells the framework to leave the response alone. */
  readonly hijack: () => unknown;
}

/** A handler that answers with the metrics. */
export interface PrometheusPage {
  /** Answers a request with the page. Never throws. If the page can't be made, the answer is 500 or 503. */
  (request: PageRequest, response: PageResponse): void;
  /**
   * The page for servers whose responses aren't Node.js's, such as those of Koa and Hono.
   *
   * @param headers - the request's headers, in lower case. `accept` and `accept-encoding` choose the form. Default: text.
   * @throws Error in a worker of a cluster whose primary doesn't answer.
   */
  render(headers?: IncomingHttpHeaders): Promise<RenderedPage>;
  /** Ends the page. The client keeps the transport until it gets another one. */
  close(): void;
}

/** The default for the longest wait for other processes, in ms. */
const TIMEOUT_MS = 1_000;
/** The longest wait for the flush of the page's own process, in ms. It is long, because the machine may be busy. */
const LONGEST_FLUSH_MS = 30_000;
const NO_PRIMARY = 'the primary process of the cluster does not answer: call prometheusPage() there, too';

/** The part of a page that answers requests. Each kind of process has its own. */
interface Source {
  answer(request: IncomingMessage, response: ServerResponse): Promise<void>;
  render(asked: Asked): Promise<RenderedPage>;
  close(): void;
}

/**
 * Lets Prometheus scrape this process: a handler for Express, Fastify, Connect and `node:http`. It takes the client's metrics
 * over from its transport, so call it once, at the start. Totals, names and forms are those of the collector.
 *
 * In a cluster the page shows all processes together, whichever answers. Call this function in the workers and in the primary.
 * The primary needs it even if it serves no requests, because it adds up the metrics.
 *
 * @throws TypeError that names the option and the value, for an option that can't be used.
 * @example
 * ```js
 * const { createServer } = require('node:http');
 * const { Statsd } = require('@afstatsd/core');
 * const { prometheusPage } = require('@afstatsd/prometheus');
 * const page = prometheusPage();
 * Statsd.increment('orders');
 * createServer(page).listen(0, '127.0.0.1').unref();
 * ```
 */
export function prometheusPage(options: PrometheusPageOptions = {}): PrometheusPage {
  const settings = readPageOptions(options);
  const source = isWorker() ? workersSource(settings) : ownSource(settings);
  const answer = async (request: PageRequest, response: PageResponse): Promise<void> => {
    if ('hijack' in response) response.hijack();
    const rawRequest = 'raw' in request ? request.raw : request;
    const rawResponse = 'raw' in response ? response.raw : response;
    try {
      await source.answer(rawRequest, rawResponse);
    } catch (error) {
      refuse(rawResponse, 500, `can't write the metrics: ${String(error)}\n`);
    }
  };
  const handle = (request: PageRequest, response: PageResponse): void => void answer(request, response);
  const render = (headers: IncomingHttpHeaders = {}): Promise<RenderedPage> =>
    source.render({ method: 'GET', headers, socket: {} });
  return Object.assign(handle, { render, close: () => source.close() });
}

/** Whether this process is a worker. Workers of PM2's cluster mode don't count, because their primary is PM2. */
function isWorker(): boolean {
  return cluster.isWorker && process.env['pm_id'] === undefined;
}

/** The source of a process that has the totals: a single process, or the primary of a cluster. */
function ownSource(settings: PageSettings): Source {
  const { statsd = Statsd, timeout = TIMEOUT_MS } = settings;
  const totals = new Totals(settings, (text) => statsd.warnOnce(`prometheus page: ${text}`, () => text));
  sendTo(settings, {
    detail: 'the Prometheus page of this process',
    isOpen: () => true,
    take: (taken) => {
      totals.add(taken);
      return 'ok';
    },
  });
  // The page always has room, so its own flush is short. Another transport could make it wait, so the timeout is shorter then.
  const flushTimeout = settings.alsoTo === undefined ? LONGEST_FLUSH_MS : timeout;
  const primary = new ClusterPrimary(cluster, totals, timeout, () => statsd.flush({ timeout: flushTimeout }));
  return {
    async answer(request, response) {
      await primary.refresh();
      await totals.answer(request, response);
    },
    async render({ method, headers, socket }) {
      await primary.refresh();
      return totals.render({ method, headers, socket: { ...socket, writable: true } });
    },
    close() {
      primary.close();
      totals.close();
    },
  };
}

/** The source of a worker. The totals are in the primary. */
function workersSource(settings: PageSettings): Source {
  const { statsd = Statsd, timeout = TIMEOUT_MS } = settings;
  const worker = new ClusterWorker(timeout, () => statsd.flush({ timeout }));
  sendTo(settings, worker);
  return {
    async answer(request, response) {
      const page = await worker.page(request);
      if (page === undefined) {
        refuse(response, 503, `${NO_PRIMARY}\n`);
        return;
      }
      response.writeHead(200, { ...page.headers, 'Content-Length': page.body.length });
      response.end(request.method === 'HEAD' ? undefined : page.body);
    },
    async render(asked) {
      const page = await worker.page(asked);
      if (page === undefined) throw new Error(NO_PRIMARY);
      return page;
    },
    close: () => worker.close(),
  };
}

function sendTo({ statsd = Statsd, alsoTo }: PageSettings, taker: Taker): void {
  const transport = new PageTransport(taker);
  statsd.setTransport(alsoTo === undefined ? transport : teeTransports(transport, alsoTo));
}

function refuse(response: ServerResponse, status: number, text: string): void {
  // A page that breaks off must not look like a whole one, so the connection is closed.
  if (response.headersSent) response.destroy();
  else response.writeHead(status, { 'Content-Type': 'text/plain' }).end(text);
}
