import { Readable } from 'node:stream';
import { until } from '@afstatsd/testing';
import { eachFastify } from './support/app.js';
import { Latch } from './support/latch.js';
import { Wire } from './support/wire.js';

/** Says one thing, and nothing more. */
function unending(): Readable {
  let told = false;
  return new Readable({
    read() {
      if (!told) this.push('begun');
      told = true;
    },
  });
}

eachFastify('aborted requests', (apps) => {
  for (const [method, body] of [
    ['GET', ''],
    ['POST', '{"a":1}'],
  ] as const) {
    it(`counts as aborted, once, a ${method} whose client leaves while the handler works, and doesn’t time it`, async () => {
      const app = apps.recording();
      const entered = new Latch();
      const left = new Latch();
      app.fastify.route({
        method,
        url: '/slow/:id',
        handler: async () => {
          entered.open();
          await left.opened;
          return 'nobody reads this';
        },
      });
      const client = await Wire.connect((await app.listen()).url);
      client.send(method, '/slow/5', body, { 'content-type': 'application/json' });
      await entered.opened;
      client.leave();
      await app.recorded.becomes({ [`counter http.aborted ${method.toLowerCase()} /slow/:id`]: 1 });
      left.open();
    });
  }

  it('counts as aborted a streamed reply whose client leaves in the middle', async () => {
    const app = apps.recording();
    app.fastify.get('/stream/:id', async (_, reply) => reply.send(unending()));
    const client = await Wire.connect((await app.listen()).url);
    client.send('GET', '/stream/5');
    await client.receives('begun');
    client.leave();
    await app.recorded.becomes({ 'counter http.aborted get /stream/:id': 1 });
  });

  it('counts as aborted a reply that the server destroys, since its stream fails', async () => {
    const app = apps.recording();
    const stream = unending();
    app.fastify.get('/stream/:id', async (_, reply) => reply.send(stream));
    const client = await Wire.connect((await app.listen()).url);
    client.send('GET', '/stream/5');
    await client.receives('begun');
    stream.destroy(new Error('disk'));
    await app.recorded.becomes({ 'counter http.aborted get /stream/:id': 1 });
  });

  it('counts as aborted a big reply whose client resets the connection', async () => {
    const app = apps.recording();
    app.fastify.get('/big/:id', async (_, reply) => reply.send(Buffer.alloc(64 * 1024 * 1024)));
    const client = await Wire.connect((await app.listen()).url);
    client.socket.once('data', () => client.socket.pause());
    client.send('GET', '/big/5');
    await client.receives('200 OK');
    client.reset();
    await app.recorded.becomes({ 'counter http.aborted get /big/:id': 1 });
  });

  it('counts as aborted what takes longer than the server’s `connectionTimeout`', async () => {
    const app = apps.recording({}, { connectionTimeout: 50 });
    let requests = 0;
    app.fastify.get('/slow/:id', () => void requests++);
    const { url } = await app.listen();
    // On a busy machine the time can be over before a request has come.
    await until('a request comes in time', async () => {
      const client = await Wire.connect(url);
      client.send('GET', '/slow/5');
      await client.closed();
      return requests === 1;
    });
    await app.recorded.becomes({ 'counter http.aborted get /slow/:id': 1 });
  });

  it('counts only the request under way when a connection that had served others is lost', async () => {
    const app = apps.recording();
    const entered = new Latch();
    app.fastify.get('/fast', async () => 'x');
    app.fastify.get('/slow', () => entered.open());
    const client = await Wire.connect((await app.listen()).url);
    client.send('GET', '/fast');
    await client.receives('200 OK');
    client.send('GET', '/slow');
    await entered.opened;
    client.leave();
    await app.recorded.becomes({
      'timer http.request get /fast 2xx': 1,
      'counter http.aborted get /slow': 1,
    });
  });

  it('names an aborted request without a route `unmatched`', async () => {
    const app = apps.recording();
    const entered = new Latch();
    app.fastify.setNotFoundHandler((_, reply) => {
      reply.code(404);
      entered.open();
    });
    const client = await Wire.connect((await app.listen()).url);
    client.send('GET', '/nowhere/acme');
    await entered.opened;
    client.leave();
    await app.recorded.becomes({ 'counter http.aborted get unmatched': 1 });
  });
});
