import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HttpMetrics } from '@afstatsd/core/http';
import { afstatsdExpress } from '@afstatsd/express';
import { useClients } from '@afstatsd/testing';
import { expect } from 'chai';
import { useSites } from '../support/site.js';
import { forEachExpress } from '../support/versions.js';

forEachExpress('an application', (express) => {
  const makeClient = useClients();
  const serve = useSites();

  it('answers for another framework, which has its own notes about the route', async () => {
    const seen = makeClient();
    const app = express();
    app.use(afstatsdExpress({ statsd: seen.statsd }));
    app.use(
      '/in/:x',
      express.Router().get('/leaf', (_req, res) => void res.json({ from: 'express' })),
    );
    const outer = new HttpMetrics({ statsd: seen.statsd }, () => '/outer/*');
    const server = createServer((req, res) => {
      const exchange = outer.begin(req, res);
      exchange!.routing = '/outer/*';
      app(req, res);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const response = await fetch(`http://127.0.0.1:${port}/in/1/leaf`);
    expect(await response.json()).to.deep.equal({ from: 'express' });
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
    expect(await seen.counts()).to.deep.equal({ 'timer http.request get /outer/* 2xx': 1 });
  });

  it('hears of nothing when a parameter of its own can not be written', async () => {
    const seen = makeClient();
    const app = express();
    app.set('env', 'test');
    app.use(afstatsdExpress({ statsd: seen.statsd }));
    app.param('odd', (req, _res, next) => {
      req.params = Object.create(null, {
        odd: { enumerable: true, value: Object.create(null) },
      }) as typeof req.params;
      next();
    });
    app.use(
      '/in/:odd',
      express.Router().get('/leaf', (_req, res) => void res.json({})),
    );
    const site = await serve(app);
    expect((await fetch(`http://127.0.0.1:${site.port}/in/1/leaf`)).status).to.equal(200);
    await site.quiet();
    expect(await seen.counts()).to.deep.equal({ 'timer http.request get /*/leaf 2xx': 1 });
  });
});
