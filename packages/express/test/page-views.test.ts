import { get } from 'node:http';
import { once } from 'node:events';
import { afstatsdExpress } from '@afstatsd/express';
import { type Recorded, useClients } from '@afstatsd/testing';
import { expect } from 'chai';
import { type Site, useSites } from './support/site.js';
import { forEachExpress } from './support/versions.js';

forEachExpress('page views', (express) => {
  const makeClient = useClients();
  const serve = useSites();
  let seen: Recorded;
  let site: Site;

  beforeEach(async () => {
    seen = makeClient();
    const app = express();
    app.use(afstatsdExpress({ statsd: seen.statsd, timing: false }));
    app.all('/html/:p', (_req, res) => void res.send('<p>page'));
    app.get('/json', (_req, res) => void res.json({}));
    app.get('/missing', (_req, res) => void res.status(404).send('<p>missing'));
    app.get('/moved', (_req, res) => res.redirect('/html/1'));
    app.get(
      '/written',
      (_req, res) => void res.writeHead(200, { 'Content-Type': 'text/html' }).end('<p>page'),
    );
    site = await serve(app);
  });

  /** Not by `fetch`, which has Sec-Fetch headers of its own. */
  async function views(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<number> {
    const request = get(site.url + path, { headers, method, agent: false });
    request.on('response', (response) => response.resume());
    await once(request, 'close');
    await site.quiet();
    const counts = await seen.counts();
    return Object.values(counts).reduce((sum, count) => sum + count, 0);
  }

  it('are counted under the route', async () => {
    await views('/html/1');
    await site.fetch('/html/2', { headers: { 'sec-fetch-dest': 'document' } });
    const names = Object.keys(await seen.counts());
    for (const name of names) expect(name).to.equal('counter website.pageviews /html/:p');
  });

  const document = { 'sec-fetch-dest': 'document' };
  const CASES: readonly (readonly [what: string, views: number, ...Parameters<typeof views>])[] = [
    ['a document', 1, '/json', document],
    ['HTML, where the browser does not say what it is for', 1, '/html/1'],
    ['HTML whose type writeHead gets', 1, '/written'],
    ['anything else, where the browser does not say', 0, '/json'],
    ['HTML that a script has fetched', 0, '/html/1', { 'sec-fetch-dest': 'empty' }],
    ['HTML in a frame', 0, '/html/1', { 'sec-fetch-dest': 'iframe' }],
    ['a document that is prefetched', 0, '/html/1', { ...document, 'sec-purpose': 'prefetch' }],
    ['one that is prerendered', 0, '/html/1', { ...document, 'sec-purpose': 'prefetch;prerender' }],
    ['one that an older browser prefetches', 0, '/html/1', { purpose: 'prefetch' }],
    ['an error', 0, '/missing', document],
    ['a redirection', 0, '/moved', document],
    ['HEAD', 0, '/html/1', document, 'HEAD'],
    ['OPTIONS', 0, '/html/1', document, 'OPTIONS'],
    ['POST', 0, '/html/1', document, 'POST'],
  ];
  for (const [what, expected, ...request] of CASES) {
    it(`${what}: ${expected}`, async () => expect(await views(...request)).to.equal(expected));
  }

  it('a document that has not changed: 1', async () => {
    const { headers } = await site.fetch('/html/1');
    await seen.counts();
    expect(await views('/html/1', { ...document, 'if-none-match': headers.get('etag')! })).to.equal(1);
  });
});
