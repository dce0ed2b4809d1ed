import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { useCleanup } from '@afstatsd/testing';
import { Router as Router15 } from '@koa/router';
import Koa3, { type Middleware } from 'koa';

export type KoaClass = typeof Koa3;
export type RouterClass = typeof Router15;

/** What runs together. The types are those of the newest ones. */
export const VERSIONS: readonly { title: string; Koa: KoaClass; Router: RouterClass }[] = [
  { title: 'Koa 3, @koa/router 15', Koa: Koa3, Router: Router15 },
  { title: 'Koa 2, @koa/router 15', Koa: require('koa-2') as KoaClass, Router: Router15 },
  {
    title: 'Koa 2, @koa/router 12',
    Koa: require('koa-2') as KoaClass,
    Router: require('@koa/router-12') as RouterClass,
  },
];

/** It has no types. */
export const mount = require('koa-mount') as (prefix: string, inner: Koa3 | Middleware) => Middleware;

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

/** To be called in a `describe`. @returns what serves an application; it is closed after the test. */
export function useSites(): (app: Koa3) => Promise<Site> {
  const later = useCleanup();
  return async (app) => {
    const server = app.listen(0, '127.0.0.1');
    await once(server, 'listening');
    later(async () => {
      server.closeAllConnections();
      await new Promise((done) => void server.close(done));
    });
    return new Site(server);
  };
}
