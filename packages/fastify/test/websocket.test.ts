import websocket from '@fastify/websocket';
import { expect } from 'chai';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { eachFastify } from './support/app.js';
import { Wire } from './support/wire.js';

eachFastify('WebSockets', (apps) => {
  // Version 11 of @fastify/websocket is for Fastify 5.
  if (apps.major >= 5) {
    it('times a websocket to its upgrade, under its route, and counts it in flight until it is closed', async () => {
      const app = apps.recording({ inFlight: true });
      app.fastify.register(websocket);
      app.fastify.register(async (instance) => {
        instance.get('/rooms/:id', { websocket: true }, (socket) => {
          socket.on('message', (message: Buffer) => socket.send(`you said ${message.toString()}`));
        });
      });
      await app.listen();
      const client = new WebSocket(`${app.url.replace('http', 'ws')}/rooms/5`);
      await once(client, 'open');
      client.send('hello');
      const [answer] = (await once(client, 'message')) as [Buffer];
      expect(answer.toString()).to.equal('you said hello');
      await app.recorded.becomes({ 'timer http.ttfb get /rooms/:id': 1 });
      await app.recorded.gaugeBecomes('http.in_flight', 1);
      client.close();
      await once(client, 'close');
      await app.recorded.gaugeBecomes('http.in_flight', 0);
      await app.recorded.becomes({});
    });

    it('records the refusal of a websocket, by a hook or for want of a route, as the response that it is', async () => {
      const app = apps.recording();
      app.fastify.register(websocket);
      app.fastify.register(async (instance) => {
        instance.get('/rooms/:id', {
          websocket: true,
          preValidation: async (_, reply) => reply.code(401).send(),
          handler: () => {},
        });
      });
      await app.listen();
      for (const path of ['/rooms/5', '/nowhere']) {
        const client = new WebSocket(app.url.replace('http', 'ws') + path);
        client.on('error', () => {});
        await new Promise((resolve) => client.once('close', resolve));
      }
      await app.recorded.becomes({
        'timer http.request get /rooms/:id 4xx': 1,
        'timer http.request get unmatched 4xx': 1,
      });
    });
  }

  it('records an ordinary request that offers an upgrade, such as `h2c`, like any other', async () => {
    const app = apps.recording();
    app.fastify.get('/users/:id', async () => 'x');
    await app.listen();
    const client = await Wire.connect(app.url);
    client.send('GET', '/users/5', '', { connection: 'upgrade', upgrade: 'h2c' });
    await client.receives('200 OK');
    await app.recorded.becomes({ 'timer http.request get /users/:id 2xx': 1 });
  });
});
