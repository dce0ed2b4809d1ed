// node examples/koa/dist/src/main.js: a server of Koa, and what is recorded of it, each second on the console.
import type { AddressInfo } from 'node:net';
import { MemoryTransport, Statsd } from '@afstatsd/core';
import { afstatsdKoa } from '@afstatsd/koa';
import { Router } from '@koa/router';
import Koa from 'koa';

const memory = new MemoryTransport();
// With AFSTATSD_URL, such as mq:///afcollectorapi, what is recorded goes there.
if (process.env['AFSTATSD_URL'] === undefined) Statsd.configure({ transport: memory, interval: 1000 });

const router = new Router();
router.get('/', (ctx) => {
  ctx.body = '<!doctype html><title>Hello</title><a href="/hello/you">Hello</a>';
});
router.get('/hello/:name', (ctx) => {
  ctx.body = { hello: ctx['params'].name };
});

const app = new Koa();
app.use(afstatsdKoa({ inFlight: true }));
app.use(router.routes()).use(router.allowedMethods());

const server = app.listen(Number(process.env['PORT'] ?? 3000), '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});

setInterval(() => {
  for (const message of memory.messages) console.log(message);
  memory.clear();
}, 1000).unref();

// Requests that have begun are answered. Then nothing is left to do: the process ends, and what is pending leaves.
for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => server.close());
