import type { FastifyOptions } from '@afstatsd/fastify';
import { useCleanup } from '@afstatsd/testing';
import { expect } from 'chai';
import { once } from 'node:events';
import { type ClientHttp2Session, type ClientHttp2Stream, connect } from 'node:http2';
import type { FastifyServerOptions } from 'fastify';
import { type App, eachFastify } from './support/app.js';
import { Latch } from './support/latch.js';

async function answered(stream: ClientHttp2Stream): Promise<void> {
  stream.resume();
  await once(stream, 'end');
}

eachFastify('HTTP/2', (apps) => {
  // HTTP/2 makes another type of server, which these tests have no use for.
  const recording = (options: FastifyOptions = {}): App =>
    apps.recording(options, { http2: true, forceCloseConnections: false } as FastifyServerOptions);

  const later = useCleanup();
  const sessionTo = (app: App): ClientHttp2Session => {
    const session = connect(app.url);
    session.on('error', () => {});
    later(() => session.destroy());
    return session;
  };

  it('records requests over HTTP/2', async () => {
    const app = recording();
    app.fastify.get('/users/:id', async () => 'x');
    app.fastify.get('/wrong/:id', async () => {
      throw new Error('no');
    });
    const session = sessionTo(await app.listen());
    const paths = ['/users/5', '/users/6', '/wrong/5', '/nowhere'];
    await Promise.all(paths.map((path) => answered(session.request({ ':path': path }))));
    await app.recorded.becomes({
      'timer http.request get /users/:id 2xx': 2,
      'timer http.request get /wrong/:id 5xx': 1,
      'timer http.request get unmatched 4xx': 1,
    });
  });

  it('counts as aborted a stream that is cancelled while the handler works, and no other of its session', async () => {
    const app = recording();
    const entered = new Latch();
    const left = new Latch();
    app.fastify.get('/slow/:id', async () => {
      entered.open();
      await left.opened;
      return 'x';
    });
    app.fastify.get('/users/:id', async () => 'x');
    const session = sessionTo(await app.listen());
    const stream = session.request({ ':path': '/slow/5' });
    await entered.opened;
    stream.close(8);
    await app.recorded.becomes({ 'counter http.aborted get /slow/:id': 1 });
    left.open();
    await answered(session.request({ ':path': '/users/5' }));
    await app.recorded.becomes({ 'timer http.request get /users/:id 2xx': 1 });
  });

  it('counts as aborted a stream that is cancelled in the middle of a big reply', async () => {
    const app = recording();
    app.fastify.get('/big/:id', async (_, reply) => reply.send(Buffer.alloc(8 * 1024 * 1024)));
    const stream = sessionTo(await app.listen()).request({ ':path': '/big/5' });
    await once(stream, 'response');
    stream.close(8);
    await app.recorded.becomes({ 'counter http.aborted get /big/:id': 1 });
  });

  it('times event streams to their headers', async () => {
    const app = recording();
    app.fastify.get('/events/:id', (_, reply) => {
      reply.hijack();
      reply.raw.writeHead(200, { 'content-type': 'text/event-stream' });
      reply.raw.write('data: 1\n\n');
    });
    const stream = sessionTo(await app.listen()).request({ ':path': '/events/5' });
    await once(stream, 'data');
    stream.close(8);
    await app.recorded.becomes({ 'timer http.ttfb get /events/:id': 1 });
  });

  it('counts the bytes of a reply, and none of the others of its session', async () => {
    const app = recording({ bytes: true });
    const big = new Latch();
    const entered = new Latch();
    app.fastify.get('/small', async () => {
      entered.open();
      await big.opened;
      return 'x';
    });
    app.fastify.get('/big', async (_, reply) => reply.send(Buffer.alloc(1024 * 1024)));
    const session = sessionTo(await app.listen());
    const small = answered(session.request({ ':path': '/small' }));
    await entered.opened;
    await answered(session.request({ ':path': '/big' }));
    big.open();
    await small;
    const values = await app.recorded.becomes({
      'timer http.request get /small 2xx': 1,
      'timer http.request get /big 2xx': 1,
      'timer http.response.bytes get /small': 1,
      'timer http.response.bytes get /big': 1,
    });
    expect(values['timer http.response.bytes get /small']![0]).to.be.below(10_000);
    expect(values['timer http.response.bytes get /big']![0]).to.be.within(1024 * 1024, 1024 * 1100);
  });
});
