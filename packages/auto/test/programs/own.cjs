// node --import @afstatsd/auto own.cjs FRAMEWORK: an app that records its requests itself, but not those of /health.
const { createServer } = require('node:http');
const { once } = require('node:events');
const { becomes, print } = require('./recorded.cjs');

const exclude = ['/health'];
const apps = {
  core() {
    const { HttpMetrics } = require('@afstatsd/core/http');
    const metrics = new HttpMetrics({ exclude }, () => '/own');
    return createServer((req, res) => {
      metrics.begin(req, res);
      res.end();
    });
  },
  express() {
    const { afstatsdExpress } = require('@afstatsd/express');
    const app = require('express')();
    app.use(afstatsdExpress({ exclude }));
    for (const path of ['/own', '/health']) app.get(path, (req, res) => res.send(''));
    return createServer(app);
  },
  async fastify() {
    const app = require('fastify')();
    app.register(require('@afstatsd/fastify'), { exclude });
    for (const path of ['/own', '/health']) app.get(path, (request, reply) => reply.send(''));
    await app.ready();
    return app.server;
  },
  koa() {
    const { afstatsdKoa } = require('@afstatsd/koa');
    const Koa = require('koa');
    const { Router } = require('@koa/router');
    const router = new Router();
    for (const path of ['/own', '/health']) router.get(path, (ctx) => void (ctx.body = ''));
    return createServer(new Koa().use(afstatsdKoa({ exclude })).use(router.routes()).callback());
  },
  hono() {
    const { Hono } = require('hono');
    const { afstatsdHono } = require('@afstatsd/hono');
    const { createAdaptorServer } = require('@hono/node-server');
    const app = new Hono();
    app.use(afstatsdHono({ exclude }));
    for (const path of ['/own', '/health']) app.get(path, (c) => c.text(''));
    return createAdaptorServer({ fetch: app.fetch });
  },
};

async function main() {
  const server = await apps[process.argv[2]]();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const base = `http://127.0.0.1:${server.address().port}`;
  for (const path of ['/health', '/own', '/health']) {
    await (await fetch(base + path, { headers: { connection: 'close' } })).text();
  }
  await becomes({ 'timer http.request get /own 2xx': 1 }, 'http.request');
  server.close();
  await once(server, 'close');
  await print('http.request');
}

void main();
