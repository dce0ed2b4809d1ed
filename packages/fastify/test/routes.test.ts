import { eachFastify } from './support/app.js';

eachFastify('route templates', (apps) => {
  it('names a request by its route’s template, with all prefixes, and never by what stands in a parameter', async () => {
    const app = apps.recording();
    app.fastify.get('/', async () => 'x');
    app.fastify.register(
      async (tenant) => {
        tenant.register(async (users) => void users.get('/users/:id', async () => 'x'), { prefix: '/deep' });
      },
      { prefix: '/api/:tenant' },
    );
    await app.listen();
    await app.fetch('/');
    await app.fetch('/api/acme/deep/users/5?token=secret');
    await app.fetch('/api/%61cme/deep/users/6');
    await app.recorded.becomes({
      'timer http.request get / 2xx': 1,
      'timer http.request get /api/:tenant/deep/users/:id 2xx': 2,
    });
  });

  it('tells methods and classes of status apart', async () => {
    const app = apps.recording();
    app.fastify.route({
      method: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
      url: '/things/:status',
      handler: async (request, reply) => {
        return reply.code(Number((request.params as { status: string }).status)).send();
      },
    });
    await app.listen();
    await app.fetch('/things/200');
    await app.fetch('/things/201', { method: 'POST' });
    await app.fetch('/things/302', { method: 'PUT', redirect: 'manual' });
    await app.fetch('/things/404', { method: 'PATCH' });
    await app.fetch('/things/503', { method: 'DELETE' });
    await app.recorded.becomes({
      'timer http.request get /things/:status 2xx': 1,
      'timer http.request post /things/:status 2xx': 1,
      'timer http.request put /things/:status 3xx': 1,
      'timer http.request patch /things/:status 4xx': 1,
      'timer http.request delete /things/:status 5xx': 1,
    });
  });

  it('names what has no route `unmatched`: unknown paths, other methods, OPTIONS', async () => {
    const app = apps.recording();
    app.fastify.get('/users/:id', async () => 'x');
    app.fastify.register(async (api) => void api.setNotFoundHandler((_, reply) => reply.code(404).send()), {
      prefix: '/api',
    });
    await app.listen();
    await app.fetch('/nowhere/acme');
    await app.fetch('/api/acme');
    await app.fetch('/users/5', { method: 'POST' });
    await app.fetch('/users/5', { method: 'OPTIONS' });
    await app.recorded.becomes({
      'timer http.request get unmatched 4xx': 2,
      'timer http.request post unmatched 4xx': 1,
      'timer http.request options unmatched 4xx': 1,
    });
  });

  it('keeps the route when its handler answers 404, or calls `reply.callNotFound()`', async () => {
    const app = apps.recording();
    app.fastify.get('/users/:id', async (_, reply) => reply.code(404).send());
    app.fastify.get('/groups/:id', (_, reply) => reply.callNotFound());
    await app.listen();
    await app.fetch('/users/5');
    await app.fetch('/groups/5');
    await app.recorded.becomes({
      'timer http.request get /users/:id 4xx': 1,
      'timer http.request get /groups/:id 4xx': 1,
    });
  });

  it('names wildcards, and parameters with regular expressions, as they are written', async () => {
    const app = apps.recording();
    app.fastify.get('/files/*', async () => 'x');
    app.fastify.get('/orders/:id(^\\d+$)', async () => 'x');
    app.fastify.get('/at/:hour(^\\d{2}$)h:minute(^\\d{2}$)m', async () => 'x');
    await app.listen();
    await app.fetch('/files/acme/logo.png');
    await app.fetch('/orders/5');
    await app.fetch('/orders/five');
    await app.fetch('/at/12h30m');
    await app.recorded.becomes({
      'timer http.request get /files/* 2xx': 1,
      'timer http.request get /orders/:id(^\\d+$) 2xx': 1,
      'timer http.request get unmatched 4xx': 1,
      'timer http.request get /at/:hour(^\\d{2}$)h:minute(^\\d{2}$)m 2xx': 1,
    });
  });

  it('records HEAD as itself, also where Fastify makes its route', async () => {
    const app = apps.recording({}, { exposeHeadRoutes: true });
    app.fastify.get('/users/:id', async () => 'x');
    await app.listen();
    await app.fetch('/users/5', { method: 'HEAD' });
    await app.recorded.becomes({ 'timer http.request head /users/:id 2xx': 1 });
  });
});
