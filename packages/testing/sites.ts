import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { useCleanup } from './cleanup.js';

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

/**
 * To be called in a `describe`.
 *
 * @param listen - has an application listen on a free port of 127.0.0.1.
 * @returns what serves an application; it is closed after the test.
 */
export function useListening<App>(listen: (app: App) => Server): (app: App) => Promise<Site> {
  const later = useCleanup();
  return async (app) => {
    const server = listen(app);
    if (!server.listening) await once(server, 'listening');
    later(async () => {
      server.closeAllConnections();
      await new Promise((done) => void server.close(done));
    });
    return new Site(server);
  };
}
