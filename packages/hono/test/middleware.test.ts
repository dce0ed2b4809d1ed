import { once } from 'node:events';
import { runInNewContext } from 'node:vm';
import { type Recorded, type Site, itRecordsAsMiddlewareDoes, until, useClients } from '@afstatsd/testing';
import { expect } from 'chai';
import type { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { type HonoOptions, afstatsdHono } from '../src/middleware.js';
import { type HonoClass, VERSIONS, useSites } from './support/sites.js';

interface Seen {
  waiting: number;
}

/** What has `/users/:id` and so on. */
function routes(HonoOf: HonoClass, seen: Seen, app: Hono = new HonoOf()): Hono {
  const orders = new HonoOf().get('/:order', (c) => c.json({ order: c.req.param('order') }));
  orders.onError((error, c) => c.text(error.message, 503));
  orders.get('/:order/fails', () => {
    throw new Error('on purpose');
  });
  app.use('/admin/*', async (c, next) => {
    if (c.req.header('authorization') === undefined) return c.text('who are you?', 401);
    return next();
  });
  app.get('/admin/users/:id', (c) => c.json(c.req.param()));
  app.get('/users/:id', (c) => c.json(c.req.param()));
  app.get('/page', (c) => c.html('<!doctype html><title>A page</title>'));
  app.get('/fails', () => {
    throw new Error('on purpose');
  });
  app.get('/refuses', () => {
    throw new HTTPException(418);
  });
  app.get('/gone', (c) => c.text('gone', 404));
  app.get('/waits', () => {
    seen.waiting++;
    return new Promise<Response>(() => {});
  });
  app.get('/stream', () => new Response(streamOf(['first', 'last'])));
  app.get('/broken', () => new Response(streamOf(['first'], () => new Error('on purpose'))));
  app.get('/endless', () => new Response(endlessStream()));
  app.get(
    '/events',
    () => new Response('data: news\n\n', { headers: { 'content-type': 'text/event-stream' } }),
  );
  app.get('/assets/*', (c, next) => (c.req.path === '/assets/a.css' ? c.text('a{}') : next()));
  app.route('/tenants/:tenant/orders', orders);
  app.all('/mounted/*', () => new Response('of another framework'));
  app.onError((error, c) => (error instanceof HTTPException ? error.getResponse() : c.text('broken', 500)));
  return app;
}

function streamOf(parts: readonly string[], failure?: () => Error): ReadableStream<Uint8Array> {
  const left = [...parts];
  return new ReadableStream({
    pull(controller) {
      const part = left.shift();
      if (part !== undefined) controller.enqueue(new TextEncoder().encode(part));
      else if (failure === undefined) controller.close();
      else controller.error(failure());
    },
  });
}

/** Sends one part, and then waits for ever. */
function endlessStream(): ReadableStream<Uint8Array> {
  let isBegun = false;
  return new ReadableStream({
    pull(controller) {
      if (isBegun) return new Promise(() => {});
      isBegun = true;
      controller.enqueue(new TextEncoder().encode('first'));
      return undefined;
    },
  });
}

for (const { title, Hono: HonoOf } of VERSIONS) {
  describe(`afstatsdHono on @hono/node-server (${title})`, () => {
    const makeClient = useClients();
    const serveApp = useSites();
    let recorded: Recorded;
    let seen: Seen;

    beforeEach(() => {
      recorded = makeClient();
      seen = { waiting: 0 };
    });

    const appWith = (options: HonoOptions = {}): Hono => {
      const app = new HonoOf();
      app.use(afstatsdHono({ statsd: recorded.statsd, ...options }));
      return routes(HonoOf, seen, app);
    };
    const serve = (options: HonoOptions = {}): Promise<Site> => serveApp(appWith(options));

    it("records a request under its route's template, also of nested apps", async () => {
      const site = await serve();
      for (const id of [1, 2, 3]) expect(await site.get(`/users/${id}?q=x`)).to.equal(200);
      for (const tenant of ['acme', '%41cme'])
        expect(await site.get(`/tenants/${tenant}/orders/7`)).to.equal(200);
      await recorded.becomes({
        'timer http.request get /users/:id 2xx': 3,
        'timer http.request get /tenants/:tenant/orders/:order 2xx': 2,
      });
    });

    it('has the base path in the template', async () => {
      const app = new HonoOf().basePath('/api');
      app.use(afstatsdHono({ statsd: recorded.statsd }));
      app.get('/users/:id', (c) => c.json({}));
      const site = await serveApp(app);
      expect(await site.get('/api/users/7')).to.equal(200);
      await recorded.becomes({ 'timer http.request get /api/users/:id 2xx': 1 });
    });

    it('tells what no route matches from a 404 of a route', async () => {
      const site = await serve();
      for (const path of ['/nowhere', '/users/1/no', '/assets/b.css', '/gone'])
        expect(await site.get(path)).to.equal(404);
      await recorded.becomes({
        'timer http.request get unmatched 4xx': 3,
        'timer http.request get /gone 4xx': 1,
      });
    });

    it('records what a middleware, static files or a mounted app answers below where they are', async () => {
      const site = await serve();
      expect(await site.get('/admin/users/7')).to.equal(401);
      expect(await site.get('/assets/a.css')).to.equal(200);
      expect(await site.get('/mounted/anything')).to.equal(200);
      await recorded.becomes({
        'timer http.request get /admin/* 4xx': 1,
        'timer http.request get /assets/* 2xx': 1,
        'timer http.request get /mounted/* 2xx': 1,
      });
    });

    it('records an error under the route that threw it, and the app answers it', async () => {
      const site = await serve();
      expect(await site.get('/fails')).to.equal(500);
      expect(await site.get('/refuses')).to.equal(418);
      expect(await site.get('/tenants/acme/orders/7/fails')).to.equal(503);
      await recorded.becomes({
        'timer http.request get /fails 5xx': 1,
        'timer http.request get /refuses 4xx': 1,
        'timer http.request get /tenants/:tenant/orders/:order/fails 5xx': 1,
      });
    });

    itRecordsAsMiddlewareDoes({
      recorded: () => recorded,
      waiting: () => seen.waiting,
      serve,
      endsBroken: true,
    });

    it('gives callbacks the context, and takes part in nothing when they throw', async () => {
      const site = await serve({
        exclude: ['/page'],
        skip: (c) => c.req.path === '/users/2',
        tags: (c) => {
          if (c.req.path === '/users/3') throw new Error('on purpose');
          return { plan: String(c.res.status) };
        },
      });
      for (const path of ['/page', '/users/1', '/users/2', '/users/3'])
        expect(await site.get(path)).to.equal(200);
      await recorded.becomes({
        'timer http.request get 200 /users/:id 2xx': 1,
        'timer http.request get /users/:id 2xx': 1,
      });
      expect(recorded.log.warnings.join()).to.contain('on purpose');
    });

    it('records a request once, however often it is used', async () => {
      const app = new HonoOf();
      app.use(afstatsdHono({ statsd: recorded.statsd }));
      app.use(afstatsdHono({ statsd: recorded.statsd }));
      const site = await serveApp(routes(HonoOf, seen, app));
      expect(await site.get('/users/1')).to.equal(200);
      expect((await app.request('/users/1')).status).to.equal(200);
      await recorded.becomes({ 'timer http.request get /users/:id 2xx': 2 });
    });

    it('refuses options that are unknown', () => {
      expect(() => afstatsdHono({ bites: true } as HonoOptions)).to.throw(
        TypeError,
        'unknown option "bites"',
      );
    });

    describe("without Node's request", () => {
      it('records the same, and gives the response on as it is', async () => {
        const app = appWith({ exclude: ['/gone'] });
        const response = await app.request('/users/7');
        expect(await response.json()).to.deep.equal({ id: '7' });
        const statuses = [];
        for (const path of ['/nowhere', '/fails', '/page', '/events', '/gone']) {
          statuses.push((await app.request(path)).status);
        }
        expect(statuses).to.deep.equal([404, 500, 200, 200, 404]);
        await recorded.becomes({
          'timer http.request get /users/:id 2xx': 1,
          'timer http.request get unmatched 4xx': 1,
          'timer http.request get /fails 5xx': 1,
          'timer http.request get /page 2xx': 1,
          'counter website.pageviews /page': 1,
          'timer http.ttfb get /events': 1,
        });
      });

      it('leaves the object that a handler returned to the runtime', async () => {
        const app = appWith();
        const given = new Response('as it is');
        app.get('/given', () => given);
        expect(await app.request('/given')).to.equal(given);
      });

      it('records a client that leaves as aborted, and nothing in flight after it', async () => {
        const app = appWith({ inFlight: true });
        const leaving = new AbortController();
        void app.request('/waits', { signal: leaving.signal });
        await until('the handler waits', () => seen.waiting === 1);
        await recorded.gaugeBecomes('http.in_flight', 1);
        leaving.abort();
        await recorded.becomes({ 'counter http.aborted get /waits': 1 });
        await recorded.gaugeBecomes('http.in_flight', 0);
      });

      it('ends when the runtime says so, as Deno does, with streams in it', async () => {
        const app = appWith({ inFlight: true });
        for (const isSent of [true, false]) {
          let over: (isSent: boolean) => void;
          const completed = new Promise<void>((resolve, reject) => {
            over = (isSent) => (isSent ? resolve() : reject(new Error('it was given up')));
          });
          expect((await app.request('/stream', {}, { completed })).status).to.equal(200);
          await recorded.gaugeBecomes('http.in_flight', 1);
          over!(isSent);
          await recorded.gaugeBecomes('http.in_flight', 0);
        }
        await recorded.becomes({
          'timer http.request get /stream 2xx': 1,
          'counter http.aborted get /stream': 1,
        });
      });

      it('records an error that nobody answers', async () => {
        const app = appWith({ inFlight: true });
        app.get('/odd', () => {
          // One of another realm is no `instanceof Error`, so Hono hands it on.
          throw runInNewContext("new Error('on purpose')") as Error;
        });
        const thrown = await Promise.resolve(app.request('/odd')).catch((reason: unknown) => reason);
        expect(thrown).to.have.property('message', 'on purpose');
        await recorded.gaugeBecomes('http.in_flight', 0);
        await recorded.becomes({ 'timer http.request get /odd 5xx': 1 });
      });
    });
  });
}

describe('afstatsdHono without a call', () => {
  it('goes on, and says what to write', async () => {
    const app = new VERSIONS[0]!.Hono();
    app.use(afstatsdHono as never);
    app.get('/', (c) => c.text('hello'));
    const warned = once(process, 'warning') as Promise<[Error]>;
    expect(await (await app.request('/')).text()).to.equal('hello');
    expect((await warned)[0].message).to.contain('write app.use(afstatsdHono())');
  });
});
