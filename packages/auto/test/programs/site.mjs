// node --import @afstatsd/auto site.mjs FRAMEWORK EXPECTED: the same as site.cjs in an app of ES modules.
import { createServer } from 'node:http';
import { serve } from './serve.cjs';

const apps = {
  bare: () => createServer((req, res) => res.writeHead(req.url.startsWith('/api') ? 200 : 404).end('{}')),
  async express() {
    const { default: express, Router } = await import('express');
    const router = Router();
    router.get('/users/:id', (req, res) => res.json({ id: req.params.id }));
    const app = express();
    app.use('/api', router);
    return createServer(app);
  },
  async fastify() {
    const { fastify } = await import('fastify');
    const app = fastify();
    app.get('/api/users/:id', (request, reply) => reply.send({ id: request.params.id }));
    await app.ready();
    return app.server;
  },
  async koa() {
    const { default: Koa } = await import('koa');
    const { Router } = await import('@koa/router');
    const router = new Router({ prefix: '/api' });
    router.get('/users/:id', (ctx) => void (ctx.body = { id: ctx.params.id }));
    const app = new Koa();
    app.use(router.routes());
    return createServer(app.callback());
  },
  async hono() {
    const { Hono } = await import('hono');
    const { createAdaptorServer } = await import('@hono/node-server');
    const app = new Hono();
    app.get('/api/users/:id', (c) => c.json({ id: c.req.param('id') }));
    return createAdaptorServer({ fetch: app.fetch });
  },
};

const [, , name, expected] = process.argv;
await serve(apps[name], JSON.parse(expected));
