import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { useCleanup } from '@afstatsd/testing';
import { serve } from '@hono/node-server';
import { Hono as Newest } from 'hono';

export type HonoClass = typeof Newest;

/** The types are those of the newest one. */
export const VERSIONS: readonly { title: string; Hono: HonoClass }[] = [
  { title: 'Hono 4.13', Hono: Newest },
  { title: 'Hono 4.0', Hono: (require('hono-4.0') as { Hono: HonoClass }).Hono },
];

/** An application on a real server. */
export class Site {
  readonly server: Server;

  constructor(server: Server) {
    this.server = server;
  }

  url(path: string): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}${path}`;
  }

  /** @returns the status, when the whole answer has come. */
  async get(path: string, options?: RequestInit): Promise<number> {
    const response = await fetch(this.url(path), { redirect: 'manual', ...options });
    await response.text();
    return response.status;
  }
}

/** To be called in a `describe`. @returns what serves an application by `@hono/node-server`; it is closed after the test. */
export function useSites(): (app: Newest) => Promise<Site> {
  const later = useCleanup();
  return async (app) => {
    const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }) as Server;
    if (!server.listening) await once(server, 'listening');
    later(async () => {
      server.closeAllConnections();
      await new Promise((done) => void server.close(done));
    });
    return new Site(server);
  };
}
