'use strict';

// A server of Express, Fastify, Koa or Hono: `web.cjs FRAMEWORK`, with the version's package, such as express-4. It answers three
// requests of its own, and says how many calls each series of `http.request` has.
const { createRequire } = require('node:module');
const { join } = require('node:path');
const { MemoryTransport, Statsd } = require('@afstatsd/core');

const name = process.argv.at(-1);
const [framework] = name.split('-');
const from = createRequire(join(__dirname, '../../../packages', framework, 'package.json'));

async function express(handler) {
  const app = from(name)();
  app.use(require('@afstatsd/express')({ bytes: true }));
  app.get('/users/:id', (request, response) => handler(request.params.id, response));
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return { port: server.address().port, close: () => server.close() };
}

async function fastify(handler) {
  const app = from(name)();
  await app.register(require('@afstatsd/fastify'), { bytes: true });
  app.get('/users/:id', async (request, reply) => handler(request.params.id, reply));
  await app.listen({ port: 0, host: '127.0.0.1' });
  return { port: app.server.address().port, close: () => app.close() };
}

async function koa(handler) {
  const app = new (from(name))();
  const { Router } = from('@koa/router');
  const router = new Router();
  router.get('/users/:id', (ctx) => handler(ctx.params.id, { send: (body) => (ctx.body = body) }));
  app.use(require(`@afstatsd/${framework}`).afstatsdKoa({ bytes: true })).use(router.routes());
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return { port: server.address().port, close: () => server.close() };
}

/** By the runtime's own server. */
async function hono(handler) {
  const { Hono } = from(name);
  const app = new Hono();
  app.use(require(`@afstatsd/${framework}`).afstatsdHono({ bytes: true }));
  app.get('/users/:id', (c) => handler(c.req.param('id'), { send: (body) => c.text(body) }));
  const options = { hostname: '127.0.0.1', port: 0 };
  if (globalThis.Bun !== undefined) {
    const server = globalThis.Bun.serve({ ...options, fetch: app.fetch });
    return { port: server.port, close: () => server.stop() };
  }
  if (globalThis.Deno !== undefined) {
    const server = globalThis.Deno.serve({ ...options, onListen() {} }, app.fetch);
    return { port: server.addr.port, close: () => server.shutdown() };
  }
  const server = from('@hono/node-server').serve({ ...options, fetch: app.fetch });
  await new Promise((resolve) => server.once('listening', resolve));
  return { port: server.address().port, close: () => server.close() };
}

async function main() {
  const transport = new MemoryTransport();
  Statsd.configure({ transport });
  const { port, close } = await { express, fastify, hono, koa }[framework]((id, response) =>
    response.send(`user ${id}`),
  );
  let bytes = 0;
  for (const path of ['/users/1', '/users/2', '/nowhere']) {
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    bytes += (await response.text()).length;
  }
  await close();
  await Statsd.flush();
  const calls = {};
  let counted = 0;
  for (const { name, tags, values } of transport.metrics) {
    if (name === 'http.response.bytes') counted += values.reduce((sum, value) => sum + value, 0);
    if (name !== 'http.request') continue;
    const key = tags.map((tag) => tag[1]).join(' ');
    calls[key] = (calls[key] ?? 0) + values.length;
  }
  console.log(JSON.stringify({ calls, countsHeaders: counted > bytes + 100 }));
  process.exit();
}

void main();
