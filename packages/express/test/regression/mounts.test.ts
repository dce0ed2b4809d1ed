import { afstatsdExpress } from '@afstatsd/express';
import { useClients } from '@afstatsd/testing';
import { expect } from 'chai';
import type { Express as App } from 'express';
import { useSites } from '../support/site.js';
import { type Express, forEachExpress } from '../support/versions.js';

forEachExpress('what a client has written is in no name', (express) => {
  const makeClient = useClients();
  const serve = useSites();

  function leaf(options = {}): ReturnType<Express['Router']> {
    return express.Router(options).get('/leaf', (_req, res) => void res.json({}));
  }

  async function names(build: (app: App) => void, ...paths: readonly string[]): Promise<string[]> {
    const seen = makeClient();
    const app = express();
    app.use(afstatsdExpress({ statsd: seen.statsd }));
    build(app);
    const site = await serve(app);
    await site.fetchAll(...paths);
    return Object.keys(await seen.counts());
  }

  for (const mergeParams of [false, true]) {
    it(`of a parameter that has the name of one further out (mergeParams: ${mergeParams})`, async () => {
      const build = (app: App): void => {
        const users = express.Router({ mergeParams }).use('/users/:id', leaf({ mergeParams }));
        app.use('/orgs/:id', users);
      };
      const paths = ['/orgs/1/users/7/leaf', '/orgs/1/users/8/leaf', '/orgs/1/users/1/leaf'];
      expect(await names(build, ...paths)).to.deep.equal([
        'timer http.request get /orgs/:id/users/:id/leaf 2xx',
      ]);
    });
  }

  it('of a RegExp mount that captures only a part', async () => {
    const build = (app: App): void => void app.use(/^\/(?:x|y-\w+)\/(\w+)/, leaf());
    expect(await names(build, '/y-acme/a/leaf', '/y-beta/b/leaf')).to.have.length(1);
  });

  it('in upper case, under a router that takes any in an app that does not', async () => {
    const build = (app: App): void => {
      app.enable('case sensitive routing');
      app.use('/api', express.Router().use('/reports', leaf()));
    };
    expect(await names(build, '/api/reports/leaf', '/api/RePorts/leaf', '/api/REPORTS/leaf')).to.have.length(
      1,
    );
  });

  it('of a part of a segment that is encoded and has the value of another segment', async () => {
    const build = (app: App): void => void app.use('/files/v:version', leaf());
    const spellings = ['vfiles', 'v%66iles', 'v%66%69les', 'v%66%69%6ces', 'v1'];
    // One for what looks like the other segment, and one for all else.
    expect(await names(build, ...spellings.map((it) => `/files/${it}/leaf`))).to.have.length.at.most(2);
  });
});

forEachExpress('middleware that stands on a child only', (express) => {
  const makeClient = useClients();
  const serve = useSites();

  for (const make of ['Router', 'app'] as const) {
    it(`of the kind ${make}, on a parameter: no tenant is in a name, not even of the first request`, async () => {
      const seen = makeClient();
      const child = make === 'app' ? express() : express.Router();
      child.use(afstatsdExpress({ statsd: seen.statsd }));
      child.get('/leaf', (_req, res) => void res.json({}));
      const app = express().use('/api/:tenant', child);
      const site = await serve(app);
      await site.fetchAll('/api/acme/leaf', '/api/beta/leaf', '/api/gamma/leaf');
      const counts = await seen.counts();
      expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).to.equal(3);
      expect(Object.keys(counts).join()).to.not.match(/acme|beta|gamma/);
    });
  }
});
