// A small service with three troubles, which reports to a collector on the queue of its first argument: an N+1 query, a tag of ever
// more values, a call that computes for long. It serves requests to itself until the process that has forked it is gone.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { AFTransport, Statsd } from '@afstatsd/core';
import { HttpMetrics } from '@afstatsd/core/http';

const [, , queue = ''] = process.argv;
Statsd.configure({
  transport: new AFTransport({ queue, fallback: false }),
  service: 'shop',
  telemetry: true,
  interval: 1_000,
  maxMetrics: 400,
  logger: { warn: () => {} },
});

const find = Statsd.time('db.product', async () => sleep(1));
const report = Statsd.time(
  'report',
  async () => {
    await sleep(1);
    for (const end = performance.now() + 40; performance.now() < end;);
  },
  { blocking: true },
);

async function main(): Promise<void> {
  const http = new HttpMetrics({ calls: true }, () => '/orders');
  const server = createServer((req, res) => {
    http.begin(req, res);
    void http.within(req, async () => {
      for (let row = 0; row < 25; row++) await find();
      await report();
      res.end();
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  for (let cart = 0; process.connected; cart++) {
    if (cart < 110) Statsd.increment('cart.opened', { tags: { cart: `cart-${cart}`, path: '/cart' } });
    if (cart % 10 === 0) await (await fetch(`http://127.0.0.1:${port}/orders`)).text();
    await sleep(5);
  }
  server.close();
}
void main();
