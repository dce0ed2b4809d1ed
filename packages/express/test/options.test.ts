import { afstatsdExpress, type ExpressOptions } from '@afstatsd/express';
import { type Recorded, useClients } from '@afstatsd/testing';
import { expect } from 'chai';
import type { Request, Response } from 'express';
import { type Site, useSites } from './support/site.js';
import { forEachExpress } from './support/versions.js';

forEachExpress('options', (express) => {
  const makeClient = useClients();
  const serve = useSites();
  let seen: Recorded;

  beforeEach(() => {
    seen = makeClient();
  });

  async function siteWith(options: ExpressOptions<Request, Response>): Promise<Site> {
    const app = express();
    app.use(afstatsdExpress<Request, Response>({ statsd: seen.statsd, ...options }));
    app.get('/page/:p', (_req, res) => void res.send('<p>page'));
    app.get('/internal/:what', (_req, res) => void res.json({}));
    app.get('/health', (_req, res) => void res.json({}));
    return serve(app);
  }

  for (const prefix of ['shop', 'shop.']) {
    it(`prefix ${prefix} stands before every name`, async () => {
      const site = await siteWith({ prefix, inFlight: true, bytes: true });
      await site.fetch('/page/1');
      expect(await seen.counts()).to.deep.equal({
        'timer shop.http.request get /page/:p 2xx': 1,
        'timer shop.http.response.bytes get /page/:p': 1,
        'counter shop.website.pageviews /page/:p': 1,
        'gauge shop.http.in_flight': 0,
        'gauge shop.http.in_flight.max': 1,
      });
    });
  }

  it('name is that of the request timer', async () => {
    const site = await siteWith({ name: 'requests', pageviews: false });
    await site.fetch('/page/1');
    expect(await seen.counts()).to.deep.equal({ 'timer requests get /page/:p 2xx': 1 });
  });

  it('timing: false leaves the request timer out', async () => {
    const site = await siteWith({ timing: false });
    await site.fetch('/page/1');
    expect(await seen.counts()).to.deep.equal({ 'counter website.pageviews /page/:p': 1 });
  });

  it('pageviews has a name, and decides with `when`', async () => {
    const when = (req: Request, res: Response): boolean =>
      req.query['view'] === '1' && res.statusCode === 200;
    const site = await siteWith({ timing: false, pageviews: { name: 'views', when } });
    await site.fetchAll('/page/1', '/page/1?view=1', '/health?view=1', '/none?view=1');
    expect(await seen.counts()).to.deep.equal({ 'counter views /page/:p': 1, 'counter views /health': 1 });
  });

  it('skip leaves out requests, in flight as well', async () => {
    const site = await siteWith({ skip: (req) => req.path.startsWith('/page'), inFlight: true });
    await site.fetchAll('/page/1', '/page/2');
    expect(await seen.counts()).to.deep.equal({});
  });

  it('exclude leaves out exact paths, all below one, and what a RegExp matches', async () => {
    const site = await siteWith({ exclude: ['/health', '/internal/*', /^\/page\/\d+$/g], pageviews: false });
    await site.fetchAll('/health', '/health?full=1', '/internal/a', '/page/12', '/page/13');
    expect(await seen.counts()).to.deep.equal({});
    await site.fetchAll('/page/x', '/healthy', '/internal');
    expect(await seen.counts()).to.deep.equal({
      'timer http.request get /page/:p 2xx': 1,
      'timer http.request get unmatched 4xx': 2,
    });
  });

  it('bytes is what was sent, headers included', async () => {
    const site = await siteWith({ bytes: true, timing: false, pageviews: false });
    const { headers } = await site.fetch('/page/1');
    const { 'timer http.response.bytes get /page/:p': bytes = [] } = await seen.values();
    expect(bytes).to.have.length(1);
    expect(bytes[0]).to.be.within([...headers].join('\r\n').length + 7, 1000);
  });

  it('tags are more tags, which cannot replace those of the middleware', async () => {
    const site = await siteWith({
      pageviews: false,
      tags: (req, res) => ({
        plan: req.get('x-plan') ?? 'none',
        method: 'mine',
        kind: String(res.get('etag') !== undefined),
      }),
    });
    await site.fetch('/page/1', { headers: { 'x-plan': 'gold' } });
    const [name, ...others] = Object.keys(await seen.counts());
    expect(others).to.deep.equal([]);
    // In the order of their keys: kind, method, plan, route, status.
    expect(name).to.equal('timer http.request true get gold /page/:p 2xx');
  });

  it('maxRoutes is how many routes are told apart', async () => {
    const site = await siteWith({ maxRoutes: 1, pageviews: false });
    await site.fetchAll('/page/1', '/health', '/internal/a', '/page/2', '/none');
    expect(await seen.counts()).to.deep.equal({
      'timer http.request get /page/:p 2xx': 2,
      'timer http.request get other 2xx': 2,
      'timer http.request get unmatched 4xx': 1,
    });
  });

  it('inFlight has the most at a time since the last flush', async () => {
    const app = express();
    app.use(afstatsdExpress({ statsd: seen.statsd, inFlight: true, timing: false }));
    const waiting: Response[] = [];
    app.get('/together', (_req, res) => {
      waiting.push(res);
      if (waiting.length === 3) for (const each of waiting.splice(0)) each.json({});
    });
    app.get('/alone', (_req, res) => void res.json({}));
    const site = await serve(app);
    await Promise.all([1, 2, 3].map(() => site.fetch('/together')));
    expect(await seen.counts()).to.deep.equal({ 'gauge http.in_flight': 0, 'gauge http.in_flight.max': 3 });
    await site.fetch('/alone');
    expect(await seen.counts()).to.deep.equal({ 'gauge http.in_flight': 0, 'gauge http.in_flight.max': 1 });
  });

  it('callbacks that throw are said once each, and the requests go on and are recorded', async () => {
    const fail = (): never => {
      throw new Error('no luck');
    };
    const site = await siteWith({ skip: fail, tags: fail, pageviews: { when: fail } });
    const answers = [await site.fetch('/page/1'), await site.fetch('/page/2')];
    expect(answers.map(({ status }) => status)).to.deep.equal([200, 200]);
    expect(await seen.counts()).to.deep.equal({ 'timer http.request get /page/:p 2xx': 2 });
    expect(seen.log.warnings).to.have.length(3);
    for (const warning of seen.log.warnings) expect(warning).to.include('no luck');
  });
});

describe('bad options', () => {
  const BAD: Record<string, readonly unknown[]> = {
    statsd: [null, {}, 'statsd'],
    prefix: [1, null],
    name: ['', 1, null],
    timing: [1, 'yes', null],
    pageviews: [1, null, { name: '' }, { when: 1 }, { unknown: 1 }],
    skip: [true, '/path'],
    exclude: ['/health', ['health'], [1]],
    inFlight: [1, null],
    bytes: ['yes'],
    tags: [{ a: 1 }],
    maxRoutes: [-1, 1.5, '500', Number.NaN],
    unknown: [1, undefined],
  };

  for (const [option, values] of Object.entries(BAD)) {
    it(`${option}: a TypeError that names it`, () => {
      for (const value of values) {
        expect(() => afstatsdExpress({ [option]: value })).to.throw(TypeError, option);
      }
    });
  }

  it('options that are no object: a TypeError', () => {
    expect(() => afstatsdExpress(null as never)).to.throw(TypeError);
    expect(() => afstatsdExpress('options' as never)).to.throw(TypeError);
  });

  it('options that are undefined are those that were not given', () => {
    expect(() => afstatsdExpress({ ['name' as string]: undefined })).to.not.throw();
  });
});
