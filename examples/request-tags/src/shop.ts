import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import { Statsd } from '@afstatsd/core';
import { readOrders } from './storage.js';

/** A server without a framework: a middleware of ours has `requestTags` for the same. */
export function createShop(): Server {
  return createServer((req, res) => {
    void Statsd.withRequestTags({ tenant: tenantOf(req) }, () => answer(res));
  });
}

async function answer(res: ServerResponse): Promise<void> {
  // Known only now, in the middle of the request.
  Statsd.setRequestTags({ plan: await planOf() });
  res.end(JSON.stringify(await readOrders()));
}

/** What a client writes is checked first: each new value is a new metric. */
function tenantOf(req: IncomingMessage): string {
  const tenant = req.headers['x-tenant'];
  return typeof tenant === 'string' && /^[a-z]{1,20}$/.test(tenant) ? tenant : 'unknown';
}

async function planOf(): Promise<string> {
  await Promise.resolve();
  return 'pro';
}
