// node --require @afstatsd/auto site.cjs FRAMEWORK EXPECTED: an app of CommonJS serves requests, to each of which a template belongs.
const { serve } = require('./serve.cjs');

const apps = {
  bare: () =>
    require('node:http').createServer((req, res) =>
      res.writeHead(req.url.startsWith('/api') ? 200 : 404).end('{}'),
    ),
  express: () => express(require('express')),
  'express-4': () => express(require('express-4')),
  fastify: () => fastify(require('fastify')),
  'fastify-4': () => fastify(require('fastify-4')),
  koa: () => koa(require('koa')),
  'koa-2': () => koa(require('koa-2')),
  hono() {
    const { Hono } = require('hono');
    const { createAdaptorServer } = require('@hono/node-server');
    const users = new Hono();
    users.get('/users/:id', (c) => c.json({ id: c.req.param('id') }));
    const app = new Hono();
    app.route('/api', users);
    return createAdaptorServer({ fetch: app.fetch });
  },
};

function express(module) {
  const app = module();
  app.set('case sensitive routing', true);
  const router = module.Router();
  router.get('/users/:id', (req, res) => res.json({ id: req.params.id }));
  app.use('/api', router);
  return require('node:http').createServer(app);
}

async function fastify(module) {
  const app = module();
  // A name that the plugin would have taken.
  app.register(
    Object.assign((instance, _, done) => done(void instance.decorate('statsd', 'own')), {
      [Symbol.for('skip-override')]: true,
    }),
  );
  app.get('/api/users/:id', (request, reply) => reply.send({ id: request.params.id, own: app.statsd }));
  await app.ready();
  return app.server;
}

function koa(Koa) {
  const { Router } = require('@koa/router');
  const router = new Router({ prefix: '/api' });
  router.get('/users/:id', (ctx) => void (ctx.body = { id: ctx.params.id }));
  const app = new Koa();
  app.use(router.routes());
  return require('node:http').createServer(app.callback());
}

const [, , name, expected] = process.argv;
void serve(apps[name], JSON.parse(expected));
