import { afstatsdExpress } from '@afstatsd/express';
import { useClients } from '@afstatsd/testing';
import { expect } from 'chai';
import { useSites } from './support/site.js';
import { forEachExpress } from './support/versions.js';

forEachExpress('middleware installed', (express) => {
  const makeClient = useClients();
  const serve = useSites();

  for (const [where, [onApp, onRouter]] of Object.entries({
    'twice on the app': [2, 0],
    'on the app and its router': [1, 1],
    'on the app and twice on its router': [1, 2],
  })) {
    it(`${where} records a request once`, async () => {
      const seen = makeClient();
      const app = express();
      for (let n = 0; n < onApp!; n++) app.use(afstatsdExpress({ statsd: seen.statsd }));
      const router = express.Router();
      for (let n = 0; n < onRouter!; n++) router.use(afstatsdExpress({ statsd: seen.statsd }));
      router.get('/page/:p', (_req, res) => void res.json({}));
      app.use('/api/:tenant', router);
      const site = await serve(app);
      await site.fetchAll('/api/acme/page/1', '/none');
      expect(await seen.counts()).to.deep.equal({
        'timer http.request get /api/:tenant/page/:p 2xx': 1,
        'timer http.request get unmatched 4xx': 1,
      });
    });
  }

  it('in front of a mounted app that has one, too, records a request once, by the client of the first', async () => {
    const [first, second] = [makeClient(), makeClient()];
    const child = express();
    child.use(afstatsdExpress({ statsd: second.statsd }));
    child.get('/page/:p', (_req, res) => void res.json({}));
    const app = express();
    app.use(afstatsdExpress({ statsd: first.statsd }));
    app.use('/child', child);
    const site = await serve(app);
    await site.fetch('/child/page/1');
    expect(await first.counts()).to.deep.equal({ 'timer http.request get /child/page/:p 2xx': 1 });
    expect(await second.counts()).to.deep.equal({});
  });

  it('on a router only records what goes through the router', async () => {
    const seen = makeClient();
    const app = express();
    const router = express.Router();
    router.use(afstatsdExpress({ statsd: seen.statsd }));
    router.get('/page/:p', (_req, res) => void res.json({}));
    app.use('/site', router);
    app.get('/outside', (_req, res) => void res.json({}));
    const site = await serve(app);
    await site.fetchAll('/site/page/1', '/site/page/2', '/outside');
    const counts = await seen.counts();
    expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).to.equal(2);
    for (const name of Object.keys(counts)) expect(name).to.include('/page/:p');
    expect(seen.log.warnings).to.deep.equal([]);
  });

  it('after routes says once that it does not see them', async () => {
    const seen = makeClient();
    const app = express();
    app.get('/early', (_req, res) => void res.json({}));
    app.use(afstatsdExpress({ statsd: seen.statsd }));
    app.get('/late', (_req, res) => void res.json({}));
    const site = await serve(app);
    await site.fetchAll('/early', '/late', '/late');
    expect(await seen.counts()).to.deep.equal({ 'timer http.request get /late 2xx': 2 });
    expect(seen.log.warnings).to.have.length(1);
    expect(seen.log.warnings[0]).to.include("afstatsdExpress comes after 1 of the app's routes");
  });
});
