import { afstatsdExpress } from '@afstatsd/express';
import { type Recorded, useClients } from '@afstatsd/testing';
import { expect } from 'chai';
import type { ErrorRequestHandler, Express as App } from 'express';
import { type Site, useSites } from './support/site.js';
import { type Express, forEachExpress } from './support/versions.js';

/** Throws what becomes an answer with a status. */
function fail(status: number): never {
  throw Object.assign(new Error(`status ${status}`), { status });
}

const answerErrors: ErrorRequestHandler = (error: { status: number }, _req, res, _next) =>
  void res.status(error.status).json({});

function makeApp(express: Express, { statsd }: Recorded): App {
  const app = express();
  // So that Express doesn't print errors.
  app.set('env', 'test');
  app.use(afstatsdExpress({ statsd }));
  return app;
}

forEachExpress('requests that no route answers', (express) => {
  const makeClient = useClients();
  const serve = useSites();
  let seen: Recorded;
  let site: Site;

  beforeEach(async () => {
    seen = makeClient();
    const app = makeApp(express, seen);
    const router = express.Router();
    router.get('/leaf/:leaf', (_req, _res, next) => next());
    router.get('/missing/:leaf', (_req, res) => void res.status(404).json({}));
    router.post('/leaf/:leaf', (_req, res) => void res.json({}));
    app.use('/api/:tenant', router);
    app.use('/blocked/:who', (_req, res) => void res.status(403).json({}));
    app.get('/top', (_req, _res, next) => next());
    site = await serve(app);
  });

  it('are unmatched: at the top, and inside a router', async () => {
    await site.fetchAll('/nothing', '/api/acme', '/api/acme/nothing');
    expect(await seen.counts()).to.deep.equal({ 'timer http.request get unmatched 4xx': 3 });
  });

  it('are unmatched: those that a route has let go of', async () => {
    await site.fetchAll('/top', '/api/acme/leaf/1');
    expect(await seen.counts()).to.deep.equal({ 'timer http.request get unmatched 4xx': 2 });
  });

  it('but a 404 that is the answer of a route has the route', async () => {
    await site.fetch('/api/acme/missing/1');
    expect(await seen.counts()).to.deep.equal({
      'timer http.request get /api/:tenant/missing/:leaf 4xx': 1,
    });
  });

  it('and what a middleware answers is anything below its mount', async () => {
    await site.fetchAll('/blocked/ann', '/blocked/bob/x');
    expect(await seen.counts()).to.deep.equal({ 'timer http.request get /blocked/:who/* 4xx': 2 });
  });

  it('and the automatic answer to OPTIONS is anything below the mount of its router', async () => {
    const { status } = await site.fetch('/api/acme/leaf/1', { method: 'OPTIONS' });
    expect(status).to.equal(200);
    expect(await seen.counts()).to.deep.equal({ 'timer http.request options /api/:tenant/* 2xx': 1 });
  });
});

forEachExpress('errors', (express, version) => {
  const makeClient = useClients();
  const serve = useSites();

  function addRoutes(app: App): void {
    const inner = express.Router();
    inner.get('/throw/:x', () => fail(500));
    inner.get('/next/:x', (_req, _res, next) => next(new Error('next')));
    inner.get('/bad/:x', () => fail(422));
    app.use('/api/:tenant', express.Router().use('/deep', inner));
  }

  it('in a nested route keep the whole route', async () => {
    const seen = makeClient();
    const app = makeApp(express, seen);
    addRoutes(app);
    const site = await serve(app);
    await site.fetchAll('/api/acme/deep/throw/1', '/api/beta/deep/next/1', '/api/beta/deep/bad/1');
    expect(await seen.counts()).to.deep.equal({
      'timer http.request get /api/:tenant/deep/throw/:x 5xx': 1,
      'timer http.request get /api/:tenant/deep/next/:x 5xx': 1,
      'timer http.request get /api/:tenant/deep/bad/:x 4xx': 1,
    });
  });

  it('that a middleware answers keep the whole route', async () => {
    const seen = makeClient();
    const app = makeApp(express, seen);
    addRoutes(app);
    app.use(answerErrors);
    const site = await serve(app);
    await site.fetchAll('/api/acme/deep/bad/1', '/api/beta/deep/bad/2');
    expect(await seen.counts()).to.deep.equal({ 'timer http.request get /api/:tenant/deep/bad/:x 4xx': 2 });
  });

  it('of status 404 that a middleware of the app answers look as if no route had answered', async () => {
    const seen = makeClient();
    const app = makeApp(express, seen);
    app.use(
      '/api/:tenant',
      express.Router().get('/user/:id', () => fail(404)),
    );
    app.use(answerErrors);
    const site = await serve(app);
    await site.fetchAll('/api/acme/user/1', '/api/beta/user/2');
    expect(await seen.counts()).to.deep.equal({ 'timer http.request get unmatched 4xx': 2 });
  });

  it('of status 404 that the router of the route answers keep the route', async () => {
    const seen = makeClient();
    const app = makeApp(express, seen);
    const router = express.Router();
    router.get('/user/:id', () => fail(404));
    router.use(answerErrors);
    app.use('/api/:tenant', router);
    const site = await serve(app);
    await site.fetchAll('/api/acme/user/1', '/api/beta/user/2');
    expect(await seen.counts()).to.deep.equal({ 'timer http.request get /api/:tenant/user/:id 4xx': 2 });
  });

  it('before any route are anything below the mount', async () => {
    const seen = makeClient();
    const app = makeApp(express, seen);
    app.use('/guarded/:what', () => fail(401));
    const site = await serve(app);
    await site.fetch('/guarded/a');
    expect(await seen.counts()).to.deep.equal({ 'timer http.request get /* 4xx': 1 });
  });

  if (version === 'Express 5') {
    it('an async rejection is an error of its route', async () => {
      const seen = makeClient();
      const app = makeApp(express, seen);
      app.use(
        '/api/:tenant',
        express.Router().get('/async/:x', () => Promise.reject(new Error('late'))),
      );
      const site = await serve(app);
      await site.fetch('/api/acme/async/1');
      expect(await seen.counts()).to.deep.equal({ 'timer http.request get /api/:tenant/async/:x 5xx': 1 });
    });
  }
});
