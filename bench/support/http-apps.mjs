// The apps of http.mjs: `/api/users/:id` answers small JSON, and what is compared is installed before it.
import { createRequire } from 'node:module';

// Not imported: OpenTelemetry has to be there before.
const require = createRequire(import.meta.url);

/** @param install - is given the app, before it has routes. */
export function expressServer(install = () => {}) {
  const express = require('express');
  const users = express.Router();
  users.get('/:id', (req, res) => res.json({ id: req.params.id, name: 'Ada' }));
  const api = express.Router();
  api.use('/users', users);
  const app = express();
  install(app);
  app.use('/api', api);
  return require('node:http').createServer(app);
}

/** @param install - the same; it may return a promise. */
export async function fastifyServer(install = async () => {}) {
  const app = require('fastify')();
  await install(app);
  app.register(
    async (users) => {
      users.get('/:id', (request, reply) => void reply.send({ id: request.params.id, name: 'Ada' }));
    },
    { prefix: '/api/users' },
  );
  await app.ready();
  return app.server;
}

/** @param install - the same. */
export function koaServer(install = () => {}) {
  const Koa = require('koa');
  const { Router } = require('@koa/router');
  const users = new Router({ prefix: '/api/users' });
  users.get('/:id', (ctx) => {
    ctx.body = { id: ctx.params.id, name: 'Ada' };
  });
  const app = new Koa();
  install(app);
  app.use(users.routes());
  return require('node:http').createServer(app.callback());
}

/** @param install - the same. */
export function honoServer(install = () => {}) {
  const { createAdaptorServer } = require('@hono/node-server');
  const { Hono } = require('hono');
  const users = new Hono().get('/:id', (c) => c.json({ id: c.req.param('id'), name: 'Ada' }));
  const app = new Hono();
  install(app);
  app.route('/api/users', users);
  return createAdaptorServer({ fetch: app.fetch });
}
