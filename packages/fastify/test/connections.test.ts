import { until } from '@afstatsd/testing';
import { expect } from 'chai';
import type { FastifyServerOptions } from 'fastify';
import { eachFastify } from './support/app.js';
import { Wire } from './support/wire.js';

eachFastify('connections', (apps) => {
  it('records each request of a connection that is kept alive', async () => {
    const app = apps.recording({ bytes: true });
    app.fastify.get('/users/:id', async () => 'x');
    const client = await Wire.connect((await app.listen()).url);
    for (let i = 1; i <= 3; i++) {
      client.send('GET', `/users/${i}`);
      await app.recorded.becomes({
        'timer http.request get /users/:id 2xx': 1,
        'timer http.response.bytes get /users/:id': 1,
      });
    }
    await until('all are answered', () => client.received.match(/200 OK/g)?.length === 3);
  });

  it('records each of several requests that are sent before an answer', async () => {
    const app = apps.recording();
    app.fastify.get('/users/:id', async () => 'x');
    app.fastify.get('/groups/:id', async () => 'x');
    const client = await Wire.connect((await app.listen()).url);
    for (let i = 1; i <= 3; i++) {
      client.send('GET', `/users/${i}`);
      client.send('GET', `/groups/${i}`);
    }
    await app.recorded.becomes({
      'timer http.request get /users/:id 2xx': 3,
      'timer http.request get /groups/:id 2xx': 3,
    });
  });

  it('records requests that are injected, without a connection', async () => {
    const app = apps.recording({ inFlight: true });
    app.fastify.get('/users/:id', async () => 'x');
    app.fastify.get('/wrong', async () => {
      throw new Error('no');
    });
    await app.fastify.inject('/users/5');
    await app.fastify.inject('/wrong');
    await app.fastify.inject({ method: 'POST', url: '/nowhere' });
    await app.recorded.becomes({
      'timer http.request get /users/:id 2xx': 1,
      'timer http.request get /wrong 5xx': 1,
      'timer http.request post unmatched 4xx': 1,
    });
    expect(await app.recorded.gauge('http.in_flight')).to.equal(0);
  });

  it('records what malformed requests get not at all: Fastify never sees them', async () => {
    const app = apps.recording();
    const client = await Wire.connect((await app.listen()).url);
    client.socket.write('NONSENSE\r\n\r\n');
    await client.receives('400 Bad Request');
    await app.recorded.becomes({});
  });

  if (apps.major >= 5) {
    it('records the 503 of `handlerTimeout`', async () => {
      const options: FastifyServerOptions = { handlerTimeout: 20 };
      const app = apps.recording({}, options);
      app.fastify.get('/slow/:id', () => new Promise(() => {}));
      await app.listen();
      expect((await app.fetch('/slow/5')).status).to.equal(503);
      await app.recorded.becomes({ 'timer http.request get /slow/:id 5xx': 1 });
    });
  }
});
