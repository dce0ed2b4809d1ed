import { until } from '@afstatsd/testing';
import { expect } from 'chai';
import { eachFastify } from './support/app.js';
import { Latch } from './support/latch.js';

eachFastify('hooks of an app', (apps) => {
  it('records a hijacked reply when the handler has ended it', async () => {
    const app = apps.recording();
    app.fastify.get('/raw/:id', (_, reply) => {
      reply.hijack();
      reply.raw.writeHead(202);
      reply.raw.end('x');
    });
    await app.listen();
    await app.fetch('/raw/5');
    await app.recorded.becomes({ 'timer http.request get /raw/:id 2xx': 1 });
  });

  it('records what an earlier `onRequest` hook answers, with its real duration', async () => {
    const app = apps.plain();
    const letGo = new Latch();
    let began: number | undefined;
    app.fastify.addHook('onRequest', async (_, reply) => {
      began = performance.now();
      await letGo.opened;
      return reply.code(401).send();
    });
    app.register();
    app.fastify.get('/users/:id', async () => 'x');
    await app.listen();
    const asked = performance.now();
    const answered = app.fetch('/users/5');
    await until('50 ms are over', () => began !== undefined && performance.now() - began >= 50);
    letGo.open();
    await answered;
    const values = await app.recorded.becomes({ 'timer http.request get /users/:id 4xx': 1 });
    expect(values['timer http.request get /users/:id 4xx']![0]).to.be.within(20, performance.now() - asked);
  });

  it('records what an earlier `onRequest` hook refuses by throwing, and what it answers without a route', async () => {
    const app = apps.plain();
    app.fastify.addHook('onRequest', async (request) => {
      if (request.url !== '/users/5') throw Object.assign(new Error('who are you?'), { statusCode: 403 });
      throw new Error('no');
    });
    app.register();
    app.fastify.get('/users/:id', async () => 'x');
    await app.listen();
    await app.fetch('/users/5');
    await app.fetch('/users/6');
    await app.recorded.becomes({
      'timer http.request get /users/:id 5xx': 1,
      'timer http.request get /users/:id 4xx': 1,
    });
  });

  it('times to the end of the reply, not to the end of the handler', async () => {
    const app = apps.recording();
    app.fastify.addHook('onSend', async () => {
      const end = performance.now() + 30;
      while (performance.now() < end);
    });
    app.fastify.get('/users/:id', async () => 'x');
    await app.listen();
    await app.fetch('/users/5');
    const values = await app.recorded.becomes({ 'timer http.request get /users/:id 2xx': 1 });
    expect(values['timer http.request get /users/:id 2xx']![0]).to.be.within(30, 60_000);
  });
});
