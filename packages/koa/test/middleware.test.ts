import { once } from 'node:events';
import { Readable } from 'node:stream';
import { routeTemplate } from '@afstatsd/core/http';
import { type Recorded, type Site, itRecordsAsMiddlewareDoes, useClients } from '@afstatsd/testing';
import { expect } from 'chai';
import type Koa from 'koa';
import { type KoaOptions, afstatsdKoa } from '../src/middleware.js';
import { type RouterClass, VERSIONS, mount, useSites } from './support/sites.js';

type AnyRouter = ReturnType<typeof newRouter>;
const newRouter = (Router: RouterClass) => new Router();

interface Seen {
  waiting: number;
}

function routes(Router: RouterClass, seen: Seen): AnyRouter {
  const orders = new Router({ prefix: '/orders' });
  orders.get('/:order', (ctx) => {
    ctx.body = { order: ctx['params'].order };
  });
  const admin = new Router({ prefix: '/admin' });
  admin.use((ctx, next) => {
    if (ctx.headers.authorization !== undefined) return next();
    ctx.status = 401;
    return undefined;
  });
  admin.get('/users/:id', (ctx) => {
    ctx.body = ctx['params'];
  });
  const router = new Router();
  router.get('/users/:id', (ctx) => {
    ctx.body = ctx['params'];
  });
  router.get('/page', (ctx) => {
    ctx.body = '<!doctype html><title>A page</title>';
  });
  router.get(/^\/any(thing)?$/, (ctx) => {
    ctx.body = 'any';
    ctx.type = 'text/plain';
  });
  router.get('/fails', () => {
    throw new Error('on purpose');
  });
  router.get('/refuses', (ctx) => ctx.throw(418));
  router.get('/waits', () => {
    seen.waiting++;
    return new Promise(() => {});
  });
  router.get('/stream', (ctx) => {
    ctx.type = 'text/plain';
    ctx.body = Readable.from(['first', 'last']);
  });
  router.get('/broken', (ctx) => {
    ctx.type = 'text/plain';
    ctx.body = new Readable({
      read(): void {
        this.push('first');
        setImmediate(() => this.destroy(new Error('on purpose')));
      },
    });
  });
  router.get('/endless', (ctx) => {
    ctx.type = 'text/plain';
    ctx.body = new Readable({
      read(): void {
        if (seen.waiting++ === 0) this.push('first');
      },
    });
  });
  router.get('/events', (ctx) => {
    ctx.type = 'text/event-stream';
    ctx.body = 'data: news\n\n';
  });
  router.get('/bypassed', (ctx) => {
    ctx.respond = false;
    ctx.res.statusCode = 200;
    ctx.res.end('by hand');
  });
  router.use('/tenants/:tenant', orders.routes());
  router.use(admin.routes());
  return router;
}

for (const { title, Koa: KoaOf, Router } of VERSIONS) {
  describe(`afstatsdKoa (${title})`, () => {
    const makeClient = useClients();
    const serveApp = useSites();
    let recorded: Recorded;
    let seen: Seen;

    beforeEach(() => {
      recorded = makeClient();
      seen = { waiting: 0 };
    });

    const newApp = (): Koa => {
      const app = new KoaOf();
      // It would print each error.
      app.silent = true;
      return app;
    };
    const serve = (options: KoaOptions = {}): Promise<Site> => {
      const app = newApp();
      app.use(afstatsdKoa({ statsd: recorded.statsd, ...options }));
      const router = routes(Router, seen);
      app.use(router.routes()).use(router.allowedMethods());
      return serveApp(app);
    };

    it("records a request under its route's template", async () => {
      const site = await serve();
      for (const id of [1, 2, 3]) expect(await site.get(`/users/${id}?q=x`)).to.equal(200);
      await recorded.becomes({ 'timer http.request get /users/:id 2xx': 3 });
    });

    it('has the prefixes of nested routers in the template, parameters included', async () => {
      const site = await serve();
      for (const tenant of ['acme', '%41cme'])
        expect(await site.get(`/tenants/${tenant}/orders/7`)).to.equal(200);
      await recorded.becomes({ 'timer http.request get /tenants/:tenant/orders/:order 2xx': 2 });
    });

    it('has what koa-mount takes off the path in the template', async () => {
      const inner = newApp();
      inner.use(routes(Router, seen).routes());
      const app = newApp();
      app.use(afstatsdKoa({ statsd: recorded.statsd }));
      app.use(mount('/api', mount('/v1', inner)));
      const site = await serveApp(app);
      expect(await site.get('/api/v1/users/7?q=/users/7')).to.equal(200);
      expect(await site.get('/api/v1/nothing')).to.equal(404);
      expect(await site.get('/api/other')).to.equal(404);
      await recorded.becomes({
        'timer http.request get /api/v1/users/:id 2xx': 1,
        'timer http.request get unmatched 4xx': 2,
      });
    });

    it('gives a RegExp route a name of its own', async () => {
      const site = await serve();
      expect(await site.get('/any')).to.equal(200);
      expect(await site.get('/anything')).to.equal(200);
      await recorded.becomes({ [`timer http.request get ${routeTemplate(/^\/any(thing)?$/)} 2xx`]: 2 });
    });

    it('records what no route matches as unmatched', async () => {
      const site = await serve();
      expect(await site.get('/users/1/no')).to.equal(404);
      expect(await site.get('/nowhere', { method: 'POST' })).to.equal(404);
      await recorded.becomes({
        'timer http.request get unmatched 4xx': 1,
        'timer http.request post unmatched 4xx': 1,
      });
    });

    it('records what a middleware answers without a route', async () => {
      const site = await serve();
      expect(await site.get('/users/1', { method: 'DELETE' })).to.equal(405);
      await recorded.becomes({ 'timer http.request delete /* 4xx': 1 });
    });

    it("records what a router's middleware refuses under the route that it stands before", async () => {
      const site = await serve();
      expect(await site.get('/admin/users/7')).to.equal(401);
      expect(await site.get('/admin/users/7', { headers: { authorization: 'me' } })).to.equal(200);
      await recorded.becomes({
        'timer http.request get /admin/users/:id 4xx': 1,
        'timer http.request get /admin/users/:id 2xx': 1,
      });
    });

    it('records an error under the route that threw it, and the app gets it', async () => {
      const errors: string[] = [];
      const app = newApp();
      app.on('error', ({ message }: Error) => errors.push(message));
      app.use(afstatsdKoa({ statsd: recorded.statsd }));
      app.use(routes(Router, seen).routes());
      const site = await serveApp(app);
      expect(await site.get('/fails')).to.equal(500);
      expect(await site.get('/refuses')).to.equal(418);
      expect(errors).to.include('on purpose');
      await recorded.becomes({
        'timer http.request get /fails 5xx': 1,
        'timer http.request get /refuses 4xx': 1,
      });
    });

    itRecordsAsMiddlewareDoes({
      recorded: () => recorded,
      waiting: () => seen.waiting,
      serve,
      // Koa 2 leaves the response of a stream that fails open.
      endsBroken: title.startsWith('Koa 3'),
    });

    it('records what is answered by hand', async () => {
      const site = await serve();
      expect(await site.get('/bypassed')).to.equal(200);
      await recorded.becomes({ 'timer http.request get /bypassed 2xx': 1 });
    });

    it('gives callbacks the context, and takes part in nothing when they throw', async () => {
      const site = await serve({
        exclude: ['/page'],
        skip: (ctx) => ctx.path === '/users/2',
        tags: (ctx) => {
          if (ctx.path === '/users/3') throw new Error('on purpose');
          return { plan: String(ctx['params'].id) };
        },
      });
      for (const path of ['/page', '/users/1', '/users/2', '/users/3'])
        expect(await site.get(path)).to.equal(200);
      await recorded.becomes({
        'timer http.request get 1 /users/:id 2xx': 1,
        'timer http.request get /users/:id 2xx': 1,
      });
      expect(recorded.log.warnings.join()).to.contain('on purpose');
    });

    it('records a request once, however often it is used', async () => {
      const app = newApp();
      app.use(afstatsdKoa({ statsd: recorded.statsd }));
      app.use(afstatsdKoa({ statsd: recorded.statsd }));
      app.use(routes(Router, seen).routes());
      const site = await serveApp(app);
      expect(await site.get('/users/1')).to.equal(200);
      await recorded.becomes({ 'timer http.request get /users/:id 2xx': 1 });
    });

    it('goes on when it is used without a call, and says what to write', async () => {
      const app = newApp();
      app.use(afstatsdKoa as never);
      app.use(routes(Router, seen).routes());
      const site = await serveApp(app);
      const warned = once(process, 'warning') as Promise<[Error]>;
      expect(await site.get('/users/1')).to.equal(200);
      // The shared client says it once in a process.
      if (title === VERSIONS[0]!.title) {
        expect((await warned)[0].message).to.contain('write app.use(afstatsdKoa())');
      }
    });

    it('refuses options that are unknown', () => {
      expect(() => afstatsdKoa({ bites: true } as KoaOptions)).to.throw(TypeError, 'unknown option "bites"');
    });
  });
}
