import { expect } from 'chai';
import { App, eachFastify } from './support/app.js';
import { Latch } from './support/latch.js';

eachFastify((make) => {
  it('records a hijacked reply when the handler has ended it', async () => {
    const app = App.recording(make);
    app.fastify.get('/raw/:id', (_, reply) => {
      reply.hijack();
      reply.raw.writeHead(202);
      reply.raw.end('x');
    });
    await app.listen();
    await app.fetch('/raw/5');
    await app.recorded.is({ 'http.request.get.raw-_id.2xx': 1 });
  });

  it('records what an earlier `onRequest` hook answers, with its real duration', async () => {
    const app = new App(make);
    const letGo = new Latch();
    app.fastify.addHook('onRequest', async (_, reply) => {
      await letGo.opened;
      return reply.code(401).send();
    });
    app.register();
    app.fastify.get('/users/:id', async () => 'x');
    await app.listen();
    const began = performance.now();
    const answered = app.fetch('/users/5');
    while (performance.now() - began < 50) await app.recorded.look();
    letGo.open();
    await answered;
    const values = await app.recorded.is({ 'http.request.get.users-_id.4xx': 1 });
    expect(values.get('http.request.get.users-_id.4xx')![0]).to.be.within(20, performance.now() - began);
  });

  it('records what an earlier `onRequest` hook refuses by throwing, and what it answers without a route', async () => {
    const app = new App(make);
    app.fastify.addHook('onRequest', async (request) => {
      if (request.url !== '/users/5') throw Object.assign(new Error('who are you?'), { statusCode: 403 });
      throw new Error('no');
    });
    app.register();
    app.fastify.get('/users/:id', async () => 'x');
    await app.listen();
    await app.fetch('/users/5');
    await app.fetch('/users/6');
    await app.recorded.is({ 'http.request.get.users-_id.5xx': 1, 'http.request.get.users-_id.4xx': 1 });
  });

  it('times to the end of the reply, not to the end of the handler', async () => {
    const app = App.recording(make);
    app.fastify.addHook('onSend', async () => {
      const until = performance.now() + 30;
      while (performance.now() < until);
    });
    app.fastify.get('/users/:id', async () => 'x');
    await app.listen();
    await app.fetch('/users/5');
    const values = await app.recorded.is({ 'http.request.get.users-_id.2xx': 1 });
    expect(values.get('http.request.get.users-_id.2xx')![0]).to.be.within(30, 5_000);
  });
});
