import { createServer } from 'node:http';
import afstatsd from '@afstatsd/fastify';
import { expect } from 'chai';
import type { FastifyReply } from 'fastify';
import { type App, eachFastify } from './support/app.js';
import { Wire } from './support/wire.js';

const BAD_ESCAPE = '/jobs/%E0%A4%A';
const TOO_LONG = `/jobs/${'x'.repeat(150)}`;

eachFastify('what Fastify refuses', (apps) => {
  const { major } = apps;
  const tooLong = major >= 5 ? 414 : 404;

  /** Statuses of requests, each on its own connection. */
  async function statuses(app: App, ...paths: readonly string[]): Promise<number[]> {
    const seen: number[] = [];
    for (const path of paths) {
      const client = await Wire.connect(app.url);
      client.send('GET', path, '', { connection: 'close' });
      await client.receives('\r\n\r\n');
      seen.push(Number(client.received.split(' ')[1]));
      client.leave();
    }
    return seen;
  }

  it('what its own router refuses is unmatched', async () => {
    const app = apps.recording({ pageviews: false, inFlight: true, bytes: true });
    app.fastify.get('/jobs/:id', async () => 'x');
    await app.listen();
    expect(await statuses(app, BAD_ESCAPE, TOO_LONG)).to.deep.equal([400, tooLong]);
    await app.recorded.becomes({
      'timer http.request get unmatched 4xx': 2,
      // Too long a parameter is an ordinary 404 of Fastify 4.
      ...(major < 5 && { 'timer http.response.bytes get unmatched': 1 }),
    });
    await app.recorded.gaugeBecomes('http.in_flight', 0);
  });

  it('so it is where the app answers it, at once or later', async () => {
    const app = apps.plain({
      frameworkErrors: (error, _request, reply) => {
        const answer = (status: number): void => void (reply as FastifyReply).code(status).send('no');
        if (error.code === 'FST_ERR_BAD_URL') answer(418);
        else setImmediate(answer, 419);
      },
    });
    app.register({ tags: (request) => ({ mine: request.routeOptions.url }), skip: ({ id }) => id === '' });
    app.fastify.get('/jobs/:id', async () => 'x');
    await app.listen();
    expect(await statuses(app, BAD_ESCAPE)).to.deep.equal([418]);
    await app.recorded.becomes({ 'timer http.request get unmatched 4xx': 1 });
    if (major >= 5) {
      expect(await statuses(app, TOO_LONG)).to.deep.equal([419]);
      await app.recorded.becomes({ 'timer http.request get unmatched 4xx': 1 });
    }
    expect(app.recorded.log.warnings).to.deep.equal([]);
  });

  it('records it once, by several plugins, and leaves out what is excluded', async () => {
    const app = apps.recording({ exclude: [/^\/jobs\/%F/] });
    app.register({ exclude: [/^\/jobs\/%F/] });
    app.fastify.get('/jobs/:id', async () => 'x');
    await app.listen();
    expect(await statuses(app, BAD_ESCAPE, '/jobs/%F')).to.deep.equal([400, 400]);
    await app.recorded.becomes({ 'timer http.request get unmatched 4xx': 1 });
  });

  it('a request that comes to hooks late, or is answered by one before ours, is the route’s, once', async () => {
    const app = apps.plain();
    app.fastify.addHook('onRequest', async (request, reply) => {
      await new Promise((resolve) => void setImmediate(resolve));
      if (request.url === '/jobs/late') await reply.code(401).send('no');
    });
    app.fastify.addHook('onRequest', (request, reply, next) => {
      if (request.url === '/jobs/now') reply.code(403).send('no');
      else next();
    });
    app.register();
    app.fastify.get('/jobs/:id', async (_, reply) => reply.code(402).send('pay'));
    await app.listen();
    expect(await statuses(app, '/jobs/late', '/jobs/now', '/jobs/7')).to.deep.equal([401, 403, 402]);
    await app.recorded.becomes({ 'timer http.request get /jobs/:id 4xx': 3 });
  });

  it('a plugin on a part of the app records nothing of the rest', async () => {
    const app = apps.plain();
    app.fastify.register(async (part) => {
      await part.register(afstatsd, { statsd: app.recorded.statsd });
      part.get('/part/:id', async () => 'x');
    });
    app.fastify.get('/jobs/:id', async (_, reply) => reply.code(409).send('x'));
    await app.listen();
    expect(await statuses(app, '/jobs/7', BAD_ESCAPE, '/part/7')).to.deep.equal([409, 400, 200]);
    await app.recorded.becomes({ 'timer http.request get /part/:id 2xx': 1 });
  });

  it('what others answer on the same server is theirs', async () => {
    const app = apps.plain({
      serverFactory: (handler) =>
        createServer((req, res) => {
          if (req.url === '/theirs') res.end('theirs');
          else handler(req, res);
        }),
    });
    app.register();
    app.fastify.get('/jobs/:id', async () => 'x');
    await app.listen();
    expect(await statuses(app, '/theirs', '/jobs/7')).to.deep.equal([200, 200]);
    await app.recorded.becomes({ 'timer http.request get /jobs/:id 2xx': 1 });
  });

  it('its hooks have names', async () => {
    const app = apps.plain();
    // A hook before ours may answer, which only then needs a second one of ours.
    app.fastify.addHook('onRequest', (_request, _reply, next) => next());
    app.register();
    app.fastify.get('/jobs/:id', async () => 'x');
    await app.fastify.ready();
    const printed = app.fastify.printRoutes({ includeHooks: true });
    expect(printed).to.include('afstatsdOnRequest').and.to.include('afstatsdOnResponse');
  });

  it('has one hook for requests where none of others comes before', async () => {
    const app = apps.recording();
    app.fastify.addHook('onRequest', (_request, _reply, next) => next());
    app.fastify.get('/jobs/:id', async () => 'x');
    await app.fastify.ready();
    const printed = app.fastify.printRoutes({ includeHooks: true });
    expect(printed).to.include('afstatsdOnRequest').and.not.to.include('afstatsdOnResponse');
  });
});
