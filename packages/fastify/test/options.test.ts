import type { FastifyOptions } from '@afstatsd/fastify';
import { expect } from 'chai';
import { type App, type Apps, eachFastify } from './support/app.js';
import { Latch } from './support/latch.js';

const HTML = { 'content-type': 'text/html' };

/** With a page at `/pages/:id`. */
function withPage(apps: Apps, options: FastifyOptions): App {
  const app = apps.recording(options);
  app.fastify.get('/pages/:id', async (_, reply) => reply.headers(HTML).send('<p>'));
  return app;
}

eachFastify('options', (apps) => {
  it('`prefix` stands before all names, and `name` is that of the request timer', async () => {
    const app = withPage(apps, { prefix: 'shop', name: 'requests', inFlight: true, bytes: true });
    await app.listen();
    await app.fetch('/pages/5');
    await app.recorded.becomes({
      'timer shop.requests get /pages/:id 2xx': 1,
      'timer shop.http.response.bytes get /pages/:id': 1,
      'counter shop.website.pageviews /pages/:id': 1,
    });
    await app.recorded.gaugeBecomes('shop.http.in_flight', 0);
    await app.recorded.gaugeBecomes('shop.http.in_flight.max', 0);
  });

  it('`timing` and `pageviews` leave theirs out', async () => {
    const silent = await withPage(apps, { timing: false, pageviews: false }).listen();
    await silent.fetch('/pages/5');
    const untimed = await withPage(apps, { timing: false }).listen();
    await untimed.fetch('/pages/5');
    await untimed.recorded.becomes({ 'counter website.pageviews /pages/:id': 1 });
    await silent.recorded.becomes({});
  });

  it('`pageviews` names the counter, and decides', async () => {
    const app = apps.recording({
      pageviews: {
        name: 'views',
        when: (request, reply) => request.method === 'POST' && reply.statusCode === 201,
      },
    });
    app.fastify.get('/pages/:id', async (_, reply) => reply.headers(HTML).send('<p>'));
    app.fastify.post('/pages/:id', async (_, reply) => reply.code(201).send());
    await app.listen();
    await app.fetch('/pages/5');
    await app.fetch('/pages/5', { method: 'POST' });
    await app.recorded.becomes({
      'timer http.request get /pages/:id 2xx': 1,
      'timer http.request post /pages/:id 2xx': 1,
      'counter views /pages/:id': 1,
    });
  });

  it('`exclude` leaves out a route, however it is written, and what is below a prefix', async () => {
    const app = apps.recording({ exclude: ['/Health/', '/users/:id', '/internal/**'] });
    for (const path of ['/health', '/users/:id', '/users/me', '/internal/a/b']) {
      app.fastify.get(path, async () => 'x');
    }
    await app.listen();
    for (const path of ['/health', '/health?x', '/%68ealth', '/users/5', '/internal/a/b', '/users/me']) {
      expect((await app.fetch(path)).status).to.equal(200);
    }
    await app.recorded.becomes({ 'timer http.request get /users/me 2xx': 1 });
  });

  it('`skip` and `exclude` leave requests out', async () => {
    const app = apps.recording({
      skip: (request) => request.headers['x-probe'] === 'yes',
      exclude: ['/health', '/internal/*', /\.png$/],
    });
    for (const path of ['/health', '/healthy', '/internal/stats', '/logo.png', '/users/:id']) {
      app.fastify.get(path, async () => 'x');
    }
    await app.listen();
    for (const path of ['/health?full=1', '/healthy', '/internal/stats', '/logo.png']) await app.fetch(path);
    await app.fetch('/users/5', { headers: { 'x-probe': 'yes' } });
    await app.recorded.becomes({ 'timer http.request get /healthy 2xx': 1 });
  });

  it('`inFlight` says how many are being answered, and the most since the last flush', async () => {
    const app = apps.recording({ inFlight: true });
    const latch = new Latch();
    app.fastify.get('/slow', async () => {
      await latch.opened;
      return 'x';
    });
    await app.listen();
    const answers = [app.fetch('/slow'), app.fetch('/slow'), app.fetch('/slow')];
    await app.recorded.gaugeBecomes('http.in_flight', 3);
    await app.recorded.gaugeBecomes('http.in_flight.max', 3);
    latch.open();
    await Promise.all(answers);
    await app.recorded.becomes({ 'timer http.request get /slow 2xx': 3 });
    await app.recorded.gaugeBecomes('http.in_flight', 0);
    await app.recorded.gaugeBecomes('http.in_flight.max', 0);
  });

  it('`bytes` counts what was sent, headers included', async () => {
    const app = apps.recording({ bytes: true });
    app.fastify.get('/files/*', async () => 'x'.repeat(100_000));
    await app.listen();
    await app.fetch('/files/a');
    const name = 'timer http.response.bytes get /files/*';
    const values = await app.recorded.becomes({ 'timer http.request get /files/* 2xx': 1, [name]: 1 });
    expect(values[name]![0]).to.be.within(100_001, 101_000);
  });

  it('`tags` adds some of the app’s own, which don’t replace ours', async () => {
    const app = apps.recording({
      tags: (request, reply) => ({
        version: request.headers['x-version'] as string,
        ok: reply.sent,
        route: 'mine',
      }),
    });
    app.fastify.get('/users/:id', async () => 'x');
    await app.listen();
    await app.fetch('/users/5', { headers: { 'x-version': 'v2' } });
    await app.recorded.becomes({ 'timer http.request get true /users/:id 2xx v2': 1 });
  });

  it('`maxRoutes` limits the distinct routes', async () => {
    const app = apps.recording({ maxRoutes: 1 });
    for (const path of ['/a', '/b', '/c']) app.fastify.get(path, async () => 'x');
    await app.listen();
    for (const path of ['/a', '/b', '/c', '/nowhere']) await app.fetch(path);
    await app.recorded.becomes({
      'timer http.request get /a 2xx': 1,
      'timer http.request get other 2xx': 2,
      'timer http.request get unmatched 4xx': 1,
    });
    expect(app.recorded.log.warnings).to.have.length(1);
  });
});
