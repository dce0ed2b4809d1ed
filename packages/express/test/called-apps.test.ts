import type { RequestListener } from 'node:http';
import { afstatsdExpress } from '@afstatsd/express';
import { type Recorded, useClients } from '@afstatsd/testing';
import { expect } from 'chai';
import type { Express as App } from 'express';
import { useSites } from './support/site.js';
import { forEachExpress } from './support/versions.js';

forEachExpress('an app that a function calls', (express, version) => {
  const makeClient = useClients();
  const serve = useSites();
  let seen: Recorded;

  beforeEach(() => {
    seen = makeClient();
  });

  function outer(): App {
    const app = express();
    app.use(afstatsdExpress({ statsd: seen.statsd, pageviews: false }));
    return app;
  }

  /** Has a route, a router at a parameter, a static middleware, and lets the rest pass. */
  function inner(): App {
    const app = express();
    app.get('/', (_req, res) => void res.send('x'));
    app.get('/item/:id', (_req, res) => void res.send('x'));
    app.get('/gone/:id', (_req, res) => void res.status(404).send('x'));
    app.get('/pass/:id', (_req, _res, next) => next());
    app.get('/throw/:id', () => {
      throw Object.assign(new Error('on purpose'), { status: 503 });
    });
    const router = express.Router();
    router.get('/page/:p', (_req, res) => void res.send('x'));
    app.use('/t/:tenant', router);
    app.use('/static', (_req, res) => void res.send('x'));
    return app;
  }

  /** What is recorded of a path, as the first request that goes through the app, and as the second. */
  async function routes(app: RequestListener, path: string): Promise<string[]> {
    const site = await serve(app);
    const names: string[] = [];
    for (let i = 0; i < 2; i++) {
      await site.fetch(path);
      names.push(
        ...Object.keys(await seen.counts()).map((name) => name.replace('timer http.request get ', '')),
      );
    }
    return names;
  }

  const WAYS: Readonly<Record<string, (app: App, sub: App) => void>> = {
    'at no path': (app, sub) => void app.use((req, res, next) => void sub(req, res, next)),
    'for a host, as vhost does': (app, sub) =>
      void app.use((req, res, next) => {
        if (req.headers.host?.startsWith('127.0.0.1') === true) sub(req, res, next);
        else next();
      }),
  };
  for (const [way, use] of Object.entries(WAYS)) {
    it(`${way}: the route is its own template`, async () => {
      const EACH: Readonly<Record<string, readonly [first: string, second: string]>> = {
        '/item/7': ['/item/:id 2xx', '/item/:id 2xx'],
        '/gone/7': ['/gone/:id 4xx', '/gone/:id 4xx'],
        '/throw/7': ['/throw/:id 5xx', '/throw/:id 5xx'],
        '/pass/7': ['unmatched 4xx', 'unmatched 4xx'],
        '/none': ['unmatched 4xx', 'unmatched 4xx'],
        '/': ['/ 2xx', '/ 2xx'],
        // Of the first request, nobody has seen what the routers in it are mounted at.
        '/t/acme/page/7': ['/*/page/:p 2xx', '/t/:tenant/page/:p 2xx'],
      };
      for (const [path, expected] of Object.entries(EACH)) {
        const app = outer().set('env', 'test');
        use(app, inner().set('env', 'test'));
        expect(await routes(app, path), path).to.deep.equal(expected);
      }
    });
  }

  it('at a path: the route begins with it', async () => {
    for (const [path, expected] of Object.entries({
      '/fn/item/7': '/fn/item/:id 2xx',
      '/fn': '/fn 2xx',
      '/fn/none': 'unmatched 4xx',
      '/fn/later/7': '/fn/later/:id 2xx',
    })) {
      const app = outer();
      const sub = inner();
      app.use('/fn', (req, res, next) => void sub(req, res, next));
      app.get('/fn/later/:id', (_req, res) => void res.send('x'));
      expect(await routes(app, path), path).to.deep.equal([expected, expected]);
    }
  });

  it('from a route, or inside another called app', async () => {
    const app = outer();
    const [sub, deep] = [express(), inner()];
    sub.use('/deep', (req, res, next) => void deep(req, res, next));
    app.get(
      version === 'Express 4' ? '/deep/*' : '/deep/*rest',
      (req, res, next) => void sub(req, res, next),
    );
    // What an app that is called has made of it before it called another one can't be seen.
    expect(await routes(app, '/deep/item/7')).to.deep.equal(['/*/item/:id 2xx', '/*/item/:id 2xx']);
  });
});
