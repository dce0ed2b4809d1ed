// node examples/request-tags/dist/src/main.js: serves a few requests of two tenants to itself. The storage knows nothing of tenants,
// and its metrics have them all the same. They go to the collector, and to memory, from where this program reads them.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { AFTransport, MemoryTransport, Statsd, teeTransports, transportFromUrl } from '@afstatsd/core';
import { createShop } from './shop.js';

async function main(): Promise<void> {
  const memory = new MemoryTransport();
  const url = process.env['AFSTATSD_URL'];
  const collector = url === undefined ? new AFTransport() : transportFromUrl(url);
  // However many tenants there are, two are told apart; the rest is `other`.
  Statsd.configure({
    transport: teeTransports(collector, memory),
    rules: [{ match: 'storage.*', limit: { tenant: 2 } }],
  });

  const server = createShop().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  for (const tenant of ['acme', 'beta', 'gamma', 'acme']) {
    await (await fetch(`http://127.0.0.1:${port}/orders`, { headers: { 'x-tenant': tenant } })).text();
  }
  server.close();
  server.closeAllConnections();

  await Statsd.flush();
  for (const { name, tags = [] } of memory.metrics) {
    console.log(name, tags.map((tag) => tag.join('=')).join(' '));
  }
}

void main();
