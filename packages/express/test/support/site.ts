import { once } from 'node:events';
import { type IncomingMessage, type RequestListener, type Server, createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { until, useCleanup } from '@afstatsd/testing';

/** An application on a real server. */
export class Site {
  readonly server: Server;
  readonly port: number;
  readonly url: string;
  /** How many requests have come in. */
  requests = 0;
  readonly #sockets = new Set<Socket>();
  #open = 0;

  constructor(server: Server) {
    this.server = server;
    this.port = (server.address() as AddressInfo).port;
    this.url = `http://127.0.0.1:${this.port}`;
    server.prependListener('request', (_req: IncomingMessage, res) => {
      this.requests++;
      this.#open++;
      res.once('close', () => void this.#open--);
    });
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  /** Waits for the whole answer, and for the server to be done with it. */
  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const response = await fetch(this.url + path, { redirect: 'manual', ...init });
    await response.text();
    await this.quiet();
    return response;
  }

  async fetchAll(...paths: readonly string[]): Promise<void> {
    for (const path of paths) await this.fetch(path);
  }

  /** All requests that have come in are over, and were recorded. */
  async quiet(): Promise<void> {
    await until('every response is over', () => this.#open === 0);
    // Listeners that were added to the response later than the one here are called after it.
    await new Promise((resolve) => void setImmediate(resolve));
  }

  async close(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    // Upgraded ones, too, of which the server knows nothing any more.
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}

/** To be called in a `describe`. @returns what serves an application; it is closed after the test. */
export function useSites(): (app: RequestListener, server?: Server) => Promise<Site> {
  const later = useCleanup();
  return async (app, server = createServer(app)) => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const site = new Site(server);
    later(() => site.close());
    return site;
  };
}
