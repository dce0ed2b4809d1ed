import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { eachFastify } from './support/app.js';
import { Latch } from './support/latch.js';
import { Wire } from './support/wire.js';

const TYPE = 'text/event-stream';

/** Ways of answering with events, the first of which has been sent. */
const WAYS: Readonly<Record<string, (reply: FastifyReply) => void>> = {
  'reply.hijack() and raw.writeHead(status, headers)': (reply) => {
    reply.hijack();
    reply.raw.writeHead(200, { 'Content-Type': TYPE });
    reply.raw.write('data: 1\n\n');
  },
  'reply.hijack(), raw.setHeader and raw.write': (reply) => {
    reply.hijack();
    reply.raw.setHeader('content-type', TYPE);
    reply.raw.write('data: 1\n\n');
  },
  'reply.hijack() and raw.writeHead(status, list)': (reply) => {
    reply.hijack();
    reply.raw.writeHead(200, 'OK', ['content-type', `${TYPE}; charset=utf-8`]);
    reply.raw.write('data: 1\n\n');
  },
  'reply.send(stream)': (reply) => {
    const events = new Readable({ read: () => {} });
    events.push('data: 1\n\n');
    void reply.header('content-type', TYPE).send(events);
  },
};

eachFastify('event streams', (apps) => {
  for (const [way, answer] of Object.entries(WAYS)) {
    it(`times an event stream to its headers, by ${way}; its client’s leaving is nothing unusual`, async () => {
      const app = apps.recording({ inFlight: true });
      app.fastify.get('/events/:id', (_, reply) => answer(reply));
      const client = await Wire.connect((await app.listen()).url);
      client.send('GET', '/events/5');
      await client.receives('data: 1');
      await app.recorded.becomes({ 'timer http.ttfb get /events/:id': 1 });
      await app.recorded.gaugeBecomes('http.in_flight', 1);
      client.leave();
      await app.recorded.gaugeBecomes('http.in_flight', 0);
      await app.recorded.becomes({});
    });
  }

  it('records nothing more of an event stream that the server ends', async () => {
    const app = apps.recording();
    app.fastify.get('/events', (_, reply) => {
      reply.hijack();
      reply.raw.writeHead(200, { 'content-type': TYPE });
      reply.raw.end('data: 1\n\n');
    });
    await app.listen();
    await app.fetch('/events');
    await app.recorded.becomes({ 'timer http.ttfb get /events': 1 });
  });

  it('counts as aborted an event stream whose client leaves before the headers', async () => {
    const app = apps.recording();
    const entered = new Latch();
    app.fastify.get('/events', () => entered.open());
    const client = await Wire.connect((await app.listen()).url);
    client.send('GET', '/events', '', { accept: TYPE });
    await entered.opened;
    client.leave();
    await app.recorded.becomes({ 'counter http.aborted get /events': 1 });
  });
});
