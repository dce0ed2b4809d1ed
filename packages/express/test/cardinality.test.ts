import { afstatsdExpress } from '@afstatsd/express';
import { type Recorded, useClients } from '@afstatsd/testing';
import { expect } from 'chai';
import type { Express as App } from 'express';
import inject from 'light-my-request';
import { type Express, forEachExpress, isolatedExpress } from './support/versions.js';

const REQUESTS = 10_000;

/** Spellings of a word: each of its first characters as it is, or percent-encoded. */
function spelling(word: string, n: number): string {
  const encoded = (char: string): string => `%${char.charCodeAt(0).toString(16)}`;
  return word
    .split('')
    .map((char, i) => (((n >> i) & 1) === 1 ? encoded(char) : char))
    .join('');
}

forEachExpress('the number of metrics', (_express, version) => {
  const makeClient = useClients();
  let express: Express;

  before(() => {
    express = isolatedExpress(version);
  });

  function makeApp({ statsd }: Recorded): App {
    const app = express();
    app.use(afstatsdExpress({ statsd }));
    return app;
  }

  async function injectAll(app: App, url: (n: number) => string, count = REQUESTS): Promise<void> {
    for (let n = 0; n < count; n++) await inject(app as never, url(n));
  }

  /** A router with one route. */
  function leaf(): ReturnType<Express['Router']> {
    return express.Router().get('/leaf/:leaf', (_req, res) => void res.end());
  }

  it('does not grow with random URLs', async () => {
    const seen = makeClient();
    const app = makeApp(seen);
    app.use('/api/:tenant', leaf());
    await injectAll(app, (n) => (n % 2 === 0 ? `/random-${n}` : `/api/t${n}/random-${n}`));
    expect(Object.keys(await seen.counts())).to.deep.equal(['timer http.request get unmatched 4xx']);
  });

  it('does not grow with tenants, nor with ways to write one', async () => {
    const seen = makeClient();
    const app = makeApp(seen);
    app.use('/api/:tenant', leaf());
    await injectAll(app, (n) =>
      n % 2 === 0 ? `/api/t${n}/leaf/${n}` : `/api/${spelling('acme-corp-inc', n)}/leaf/1`,
    );
    expect(Object.keys(await seen.counts())).to.deep.equal([
      'timer http.request get /api/:tenant/leaf/:leaf 2xx',
    ]);
  });

  it('does not grow with mounts whose parameters are parts of segments', async () => {
    const seen = makeClient();
    const app = makeApp(seen);
    app.use('/:from-:to', leaf());
    await injectAll(app, (n) => `/${spelling('berlin', n)}-${spelling('paris', n >> 6)}/leaf/1`);
    expect(Object.keys(await seen.counts())).to.deep.equal([
      'timer http.request get /:from:to/leaf/:leaf 2xx',
    ]);
  });

  it('is that of 500 routes and "other", which is said once', async () => {
    const seen = makeClient();
    const app = makeApp(seen);
    for (let n = 0; n < 600; n++) app.get(`/route-${n}`, (_req, res) => void res.end());
    await injectAll(app, (n) => `/route-${n % 600}`, 700);
    const counts = await seen.counts();
    expect(Object.keys(counts)).to.have.length(501);
    expect(counts['timer http.request get other 2xx']).to.equal(100);
    expect(seen.log.warnings).to.have.length(1);
    expect(seen.log.warnings[0]).to.include('HTTP has 500 routes (maxRoutes)');
  });

  it('is at most half of maxMetrics, so that there is room for those of the app', async () => {
    const seen = makeClient({ maxMetrics: 100 });
    const app = makeApp(seen);
    for (let n = 0; n < 80; n++) app.get(`/route-${n}`, (_req, res) => void res.json({}));
    await injectAll(app, (n) => `/route-${n}`, 80);
    for (let n = 0; n < 40; n++) seen.statsd.increment(`app-${n}`);
    const counts = await seen.counts();
    expect(Object.keys(counts).filter((name) => name.startsWith('counter app-'))).to.have.length(40);
    expect(Object.keys(counts).filter((name) => name.includes('http.'))).to.have.length(51);
    expect(counts['timer http.request get other 2xx']).to.equal(30);
    expect(seen.log.warnings).to.have.length(1);
    expect(seen.log.warnings[0]).to.include('half of maxMetrics');
  });
});
