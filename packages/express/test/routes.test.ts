import { afstatsdExpress } from '@afstatsd/express';
import { useClients } from '@afstatsd/testing';
import { expect } from 'chai';
import { useSites } from './support/site.js';
import { type Express, forEachExpress } from './support/versions.js';

forEachExpress('route templates', (express, version) => {
  const makeClient = useClients();
  const serve = useSites();

  /** Builds an application, asks it for the paths, and says what was recorded. */
  async function recorded(
    build: (app: ReturnType<Express>) => void,
    ...paths: readonly string[]
  ): Promise<Record<string, number>> {
    const seen = makeClient();
    const app = express();
    app.use(afstatsdExpress({ statsd: seen.statsd }));
    build(app);
    const site = await serve(app);
    await site.fetchAll(...paths);
    return seen.counts();
  }

  /** A router with a route, in the place of what a test is about. */
  function leaf(options = {}): ReturnType<Express['Router']> {
    return express.Router(options).get('/leaf/:leaf', (_req, res) => void res.json({}));
  }

  it('a router mounted on a parameter', async () => {
    const counts = await recorded(
      (app) => app.use('/api/:tenant', leaf()),
      '/api/acme/leaf/1',
      '/api/beta/leaf/2',
    );
    expect(counts).to.deep.equal({ 'timer http.request get /api/:tenant/leaf/:leaf 2xx': 2 });
  });

  for (const mergeParams of [false, true]) {
    it(`three levels of routers, each on a parameter (mergeParams: ${mergeParams})`, async () => {
      const counts = await recorded(
        (app) => {
          const inner = express.Router({ mergeParams }).use('/in/:team', leaf({ mergeParams }));
          app.use('/api/:tenant', express.Router({ mergeParams }).use('/on/:site', inner));
        },
        '/api/acme/on/s1/in/t1/leaf/1',
        '/api/beta/on/s2/in/t2/leaf/2',
      );
      expect(counts).to.deep.equal({
        'timer http.request get /api/:tenant/on/:site/in/:team/leaf/:leaf 2xx': 2,
      });
    });
  }

  it('a router whose root answers', async () => {
    const root = express.Router().get('/', (_req, res) => void res.json({}));
    const counts = await recorded((app) => app.use('/users/:id', root), '/users/1', '/users/2/');
    expect(counts).to.deep.equal({ 'timer http.request get /users/:id 2xx': 2 });
  });

  it('the root', async () => {
    const counts = await recorded((app) => app.get('/', (_req, res) => void res.json({})), '/');
    expect(counts).to.deep.equal({ 'timer http.request get / 2xx': 1 });
  });

  it('a parameter that router.param looks at', async () => {
    const counts = await recorded(
      (app) => {
        app.param('tenant', (req, _res, next, id: string) => {
          Object.assign(req, { tenant: { id } });
          next();
        });
        app.use('/api/:tenant', leaf());
      },
      '/api/acme/leaf/1',
      '/api/beta/leaf/1',
    );
    expect(counts).to.deep.equal({ 'timer http.request get /api/:tenant/leaf/:leaf 2xx': 2 });
  });

  it('percent-encoded and upper-case spellings are one route', async () => {
    const counts = await recorded(
      (app) => app.use('/api/:tenant', leaf()),
      '/api/acme/leaf/1',
      '/api/%61cm%65/leaf/1',
      '/API/ACME/LEAF/1',
      '/Api/a%20b%2Fc/Leaf/1',
    );
    expect(counts).to.deep.equal({ 'timer http.request get /api/:tenant/leaf/:leaf 2xx': 4 });
  });

  it('what is written differently are two routes where routing is case-sensitive', async () => {
    const counts = await recorded(
      (app) => {
        app.enable('case sensitive routing');
        app.use('/api/:tenant', leaf());
        app.use('/Api/:tenant', leaf());
      },
      '/api/acme/leaf/1',
      '/Api/acme/leaf/1',
    );
    expect(counts).to.deep.equal({
      'timer http.request get /api/:tenant/leaf/:leaf 2xx': 1,
      'timer http.request get /Api/:tenant/leaf/:leaf 2xx': 1,
    });
  });

  it('mounted applications, twice nested, and on a parameter', async () => {
    const counts = await recorded(
      (app) => {
        const page = express().get('/page/:p', (_req, res) => void res.json({}));
        app.use('/mounted', page);
        app.use('/of/:tenant', express().use('/sub/:section', page));
      },
      '/mounted/page/1',
      '/of/acme/sub/news/page/1',
      '/of/beta/sub/sports/page/2',
    );
    expect(counts).to.deep.equal({
      'timer http.request get /mounted/page/:p 2xx': 1,
      'timer http.request get /of/:tenant/sub/:section/page/:p 2xx': 2,
    });
  });

  it('RegExp routes, each by a suffix that is always the same', async () => {
    const build = (app: ReturnType<Express>): void => {
      app.get(/^\/a(?<rest>.*)z$/, (_req, res) => void res.json({}));
      app.use(
        '/in',
        express.Router().get(/^\/b\d+$/, (_req, res) => void res.json({})),
      );
    };
    const counts = await recorded(build, '/a1z', '/a2z', '/in/b1', '/in/b2');
    expect(Object.values(counts)).to.deep.equal([2, 2]);
    const names = Object.keys(counts).sort();
    expect(names[0]).to.match(/^timer http\.request get \/_regex_[0-9a-z]{5} 2xx$/);
    expect(names[1]).to.match(/^timer http\.request get \/in\/_regex_[0-9a-z]{5} 2xx$/);
    expect(await recorded(build, '/a3z', '/a4z', '/in/b3', '/in/b4')).to.deep.equal(counts);
  });

  it('a route with several paths', async () => {
    const counts = await recorded(
      (app) => app.get(['/one/:a', '/two'], (_req, res) => void res.json({})),
      '/one/1',
      '/two',
    );
    expect(counts).to.deep.equal({ 'timer http.request get /one/:a+/two 2xx': 2 });
  });

  it('a mount with several paths', async () => {
    const counts = await recorded(
      (app) => app.use(['/one/:a', '/two'], leaf()),
      '/one/x/leaf/1',
      '/one/y/leaf/1',
      '/two/leaf/1',
    );
    expect(counts).to.deep.equal({
      'timer http.request get /one/:a/leaf/:leaf 2xx': 2,
      'timer http.request get /two/leaf/:leaf 2xx': 1,
    });
  });

  it('a wildcard', async () => {
    const wildcard = version === 'Express 4' ? '/files/*' : '/files/*path';
    const counts = await recorded((app) => app.get(wildcard, (_req, res) => void res.json({})), '/files/a/b');
    expect(counts).to.deep.equal({ [`timer http.request get ${wildcard} 2xx`]: 1 });
  });

  it("a route that gives way with next('route') to the one that answers", async () => {
    const counts = await recorded((app) => {
      app.get('/:any', (_req, _res, next) => next('route'));
      app.get('/page', (_req, res) => void res.json({}));
    }, '/page');
    expect(counts).to.deep.equal({ 'timer http.request get /page 2xx': 1 });
  });

  it("a router that gives way with next('router') to one mounted elsewhere", async () => {
    const counts = await recorded((app) => {
      app.use(
        '/:tenant',
        express.Router().get('/page/:p', (_req, _res, next) => next('router')),
      );
      app.use(
        '/acme',
        leaf().get('/page/:page', (_req, res) => void res.json({})),
      );
    }, '/acme/page/1');
    expect(counts).to.deep.equal({ 'timer http.request get /acme/page/:page 2xx': 1 });
  });
});
