import { connect } from 'node:net';
import { once } from 'node:events';
import { afstatsdExpress } from '@afstatsd/express';
import { type Recorded, useClients } from '@afstatsd/testing';
import { expect } from 'chai';
import { type Site, useSites } from './support/site.js';
import { forEachExpress } from './support/versions.js';

/** Asks for a target as it is, which `fetch` would tidy. */
async function ask({ port }: Site, target: string): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  socket.end(`GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`).resume();
  await once(socket, 'close');
}

forEachExpress('exclude, whatever is written for a route', (express, version) => {
  const makeClient = useClients();
  const serve = useSites();
  let seen: Recorded;

  beforeEach(() => {
    seen = makeClient();
  });

  async function siteWith(...exclude: readonly string[]): Promise<Site> {
    const app = express();
    app.use(afstatsdExpress({ statsd: seen.statsd, pageviews: false, inFlight: true, exclude }));
    for (const path of ['/health', '/internal/a/b', '/users/:id', '/other']) {
      app.get(path, (_req, res) => void res.send('x'));
    }
    app.use((req, _res, next) => {
      if (req.url === '/old') req.url = '/later';
      next();
    });
    app.get('/later', (_req, res) => void res.send('x'));
    return serve(app);
  }

  /** Only `/other` was recorded, and nothing is in flight. */
  async function isOther(): Promise<void> {
    const { 'gauge http.in_flight.max': _, ...counts } = await seen.counts();
    expect(counts).to.deep.equal({ 'timer http.request get /other 2xx': 1, 'gauge http.in_flight': 0 });
  }

  it('a path in all of its spellings', async () => {
    const site = await siteWith('/health');
    const spellings = ['/health', '/health/', '/HEALTH', '/health/?x=1', 'http://x/health'];
    for (const target of [...spellings, '/other']) await ask(site, target);
    await site.quiet();
    await isOther();
  });

  it('all below a path', async () => {
    const site = await siteWith('/internal/**');
    await site.fetchAll('/internal/a/b', '/Internal/none', '/other');
    await isOther();
  });

  it("a route's template, in flight while it is answered", async () => {
    const site = await siteWith('/users/:id');
    await site.fetchAll('/users/7', '/users/8?x', '/other');
    await isOther();
  });

  it('a route that is reached by another path', async () => {
    const site = await siteWith('/later');
    await site.fetchAll('/old', '/other');
    await isOther();
  });

  it('a path with all its mounts, where the middleware stands on a router', async () => {
    const app = express();
    const api = express.Router();
    api.use(afstatsdExpress({ statsd: seen.statsd, pageviews: false, exclude: ['/api/health', '/else'] }));
    for (const path of ['/health', '/else']) api.get(path, (_req, res) => void res.send('x'));
    app.use('/api', api);
    const site = await serve(app);
    await site.fetchAll('/api/health', '/api/health');
    expect(await seen.counts()).to.deep.equal({});
    await site.fetch('/api/else');
    const mount = version === 'Express 4' ? '*' : 'api';
    expect(await seen.counts()).to.deep.equal({ [`timer http.request get /${mount}/else 2xx`]: 1 });
  });
});
