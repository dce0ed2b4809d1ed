// node examples/hono/dist/src/main.js: a server of Hono, and what is recorded of it, each second on the console.
import { MemoryTransport, Statsd } from '@afstatsd/core';
import { afstatsdHono } from '@afstatsd/hono';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';

const memory = new MemoryTransport();
// With AFSTATSD_URL, such as mq:///afcollectorapi, what is recorded goes there.
if (process.env['AFSTATSD_URL'] === undefined) Statsd.configure({ transport: memory, interval: 1000 });

const app = new Hono();
app.use(afstatsdHono({ inFlight: true }));
app.get('/', (c) => c.html('<!doctype html><title>Hello</title><a href="/hello/you">Hello</a>'));
app.get('/hello/:name', (c) => c.json({ hello: c.req.param('name') }));

const port = Number(process.env['PORT'] ?? 3000);
const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port }, (address) => {
  console.log(`http://127.0.0.1:${address.port}`);
});

setInterval(() => {
  for (const message of memory.messages) console.log(message);
  memory.clear();
}, 1000).unref();

// Requests that have begun are answered. Then nothing is left to do: the process ends, and what is pending leaves.
for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => server.close());
