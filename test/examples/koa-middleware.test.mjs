// The example of a middleware for another framework records what those of Express and Fastify do.
import { once } from 'node:events';
import { request } from 'node:http';
import { createRequire } from 'node:module';
import { routeTemplate } from '@afstatsd/core/http';
import { useClients } from '@afstatsd/testing';
import { expect } from 'chai';
import { afstatsdKoa } from '../../examples/koa/dist/src/afstatsd-koa.js';

const fromExample = createRequire(new URL('../../examples/koa/package.json', import.meta.url));
const Koa = fromExample('koa');
const { Router } = fromExample('@koa/router');

function routes() {
  const orders = new Router({ prefix: '/orders' });
  orders.get('/:order', (ctx) => (ctx.body = { order: ctx.params.order }));
  const router = new Router();
  router.get('/users/:id', (ctx) => (ctx.body = ctx.params));
  router.get('/page', (ctx) => (ctx.body = '<!doctype html><title>A page</title>'));
  router.get(/^\/any(thing)?$/, (ctx) => (ctx.body = 'any'));
  router.get('/fails', () => {
    throw new Error('on purpose');
  });
  router.get('/waits', (ctx) => {
    ctx.app.emit('waits');
    return new Promise(() => {});
  });
  router.get('/events', (ctx) => {
    ctx.type = 'text/event-stream';
    ctx.body = 'data: news\n\n';
  });
  router.use('/tenants/:tenant', orders.routes());
  return router;
}

describe("the example of Koa's middleware", () => {
  const makeClient = useClients();
  let recorded;
  let app;
  let server;

  beforeEach(async () => {
    recorded = makeClient();
    app = new Koa();
    // It would print each error.
    app.silent = true;
    const router = routes();
    app.use(afstatsdKoa({ statsd: recorded.statsd }));
    app.use(router.routes()).use(router.allowedMethods());
    server = app.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });

  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });

  const url = (path) => `http://127.0.0.1:${server.address().port}${path}`;

  async function get(path, options) {
    const response = await fetch(url(path), options);
    await response.text();
    return response.status;
  }

  it("records a request under its route's template", async () => {
    for (const id of [1, 2, 3]) expect(await get(`/users/${id}?q=x`)).to.equal(200);
    await recorded.becomes({ 'timer http.request get /users/:id 2xx': 3 });
  });

  it('has the prefixes of nested routers in the template, parameters included', async () => {
    for (const tenant of ['acme', '%41cme']) expect(await get(`/tenants/${tenant}/orders/7`)).to.equal(200);
    await recorded.becomes({ 'timer http.request get /tenants/:tenant/orders/:order 2xx': 2 });
  });

  it('gives a RegExp route a name of its own', async () => {
    expect(await get('/any')).to.equal(200);
    expect(await get('/anything')).to.equal(200);
    const [, name] = /^\/(_regex_\w{5})$/.exec(routeTemplate(/^\/any(thing)?$/));
    await recorded.becomes({ [`timer http.request get /${name} 2xx`]: 2 });
  });

  it('records what no route matches as unmatched', async () => {
    expect(await get('/users/1/no')).to.equal(404);
    expect(await get('/nowhere', { method: 'POST' })).to.equal(404);
    await recorded.becomes({
      'timer http.request get unmatched 4xx': 1,
      'timer http.request post unmatched 4xx': 1,
    });
  });

  it('records what a middleware answers without a route', async () => {
    expect(await get('/users/1', { method: 'DELETE' })).to.equal(405);
    await recorded.becomes({ 'timer http.request delete /* 4xx': 1 });
  });

  it('records an error under the route that threw it', async () => {
    expect(await get('/fails')).to.equal(500);
    await recorded.becomes({ 'timer http.request get /fails 5xx': 1 });
  });

  it('records a client that leaves before the answer as aborted, and no time of it', async () => {
    const waits = once(app, 'waits');
    const client = request(url('/waits')).on('error', () => {});
    client.end();
    await waits;
    client.destroy();
    await recorded.becomes({ 'counter http.aborted get /waits': 1 });
  });

  it('counts a page view of a page, and none of its HEAD or of data', async () => {
    expect(await get('/page')).to.equal(200);
    expect(await get('/page', { method: 'HEAD' })).to.equal(200);
    expect(await get('/users/1')).to.equal(200);
    await recorded.becomes({
      'timer http.request get /page 2xx': 1,
      'timer http.request head /page 2xx': 1,
      'timer http.request get /users/:id 2xx': 1,
      'counter website.pageviews /page': 1,
    });
  });

  it('records of an event stream the time to its headers only', async () => {
    expect(await get('/events')).to.equal(200);
    await recorded.becomes({ 'timer http.ttfb get /events': 1 });
  });
});
