import { afstatsdExpress, type ExpressOptions } from '@afstatsd/express';
import { type Recorded, useClients } from '@afstatsd/testing';
import { expect } from 'chai';
import type { Request, Response } from 'express';
import { type Site, useSites } from './support/site.js';
import { forEachExpress } from './support/versions.js';

const tenantOf = (req: Request): { tenant: string | undefined } => ({ tenant: req.get('x-tenant') });
const from = (tenant: string): RequestInit => ({ headers: { 'x-tenant': tenant } });

forEachExpress('request tags', (express) => {
  const makeClient = useClients();
  const serve = useSites();
  let seen: Recorded;

  beforeEach(() => {
    seen = makeClient();
  });

  async function siteWith(options: ExpressOptions<Request, Response>): Promise<Site> {
    const { statsd } = seen;
    const app = express();
    app.use(afstatsdExpress<Request, Response>({ statsd, pageviews: false, ...options }));
    app.use((req, _res, next) => {
      if (req.get('x-plan') !== undefined) statsd.setRequestTags({ plan: req.get('x-plan') });
      next();
    });
    app.get('/orders/:id', (_req, res) => {
      statsd.increment('orders');
      setTimeout(() => {
        statsd.increment('later');
        res.json({});
      }, 1);
    });
    app.post('/json', express.json({ limit: '5mb' }), (_req, res) => {
      statsd.increment('bodies');
      res.json({});
    });
    app.get('/fails', () => {
      statsd.increment('fails');
      throw new Error('on purpose');
    });
    app.use((_error: unknown, _req: Request, res: Response, _next: unknown) => {
      statsd.increment('errors');
      res.status(500).end();
    });
    return serve(app);
  }

  it('are on what is recorded while a request is handled, and not on its own metrics', async () => {
    const site = await siteWith({ requestTags: tenantOf });
    await Promise.all(['a', 'b', 'a'].map((tenant) => site.fetch('/orders/1', from(tenant))));
    await site.fetch('/orders/1');
    await site.quiet();
    expect(await seen.counts()).to.deep.equal({
      'counter orders a': 2,
      'counter orders b': 1,
      'counter orders': 1,
      'counter later a': 2,
      'counter later b': 1,
      'counter later': 1,
      'timer http.request get /orders/:id 2xx': 4,
    });
  });

  it('stay through a parser of bodies, and in the handler of errors', async () => {
    const site = await siteWith({ requestTags: tenantOf, timing: false });
    const body = JSON.stringify({ text: 'x'.repeat(2_000_000) });
    const headers = { 'x-tenant': 'a', 'content-type': 'application/json' };
    await site.fetch('/json', { method: 'POST', body, headers });
    await site.fetch('/fails', from('b'));
    expect(await seen.counts()).to.deep.equal({
      'counter bodies a': 1,
      'counter fails b': 1,
      'counter errors b': 1,
    });
  });

  it('are set late, and are on the metrics of the request by its option tags', async () => {
    const { statsd } = seen;
    const site = await siteWith({ requestTags: true, tags: () => statsd.requestTags() });
    await site.fetch('/orders/1', { headers: { 'x-plan': 'pro' } });
    await site.fetch('/orders/1');
    expect(await seen.counts()).to.deep.equal({
      'counter orders pro': 1,
      'counter orders': 1,
      'counter later pro': 1,
      'counter later': 1,
      'timer http.request get pro /orders/:id 2xx': 1,
      'timer http.request get /orders/:id 2xx': 1,
    });
  });

  it('are on what requests record that are not recorded themselves', async () => {
    const site = await siteWith({ requestTags: tenantOf, exclude: ['/orders/*'] });
    await site.fetch('/orders/1', from('a'));
    expect(await seen.counts()).to.deep.equal({ 'counter orders a': 1, 'counter later a': 1 });
  });

  it('of several middlewares add up, whichever records the request', async () => {
    const { statsd } = seen;
    const app = express();
    app.use(afstatsdExpress<Request, Response>({ statsd, timing: false, pageviews: false }));
    app.use(afstatsdExpress<Request, Response>({ statsd, requestTags: tenantOf }));
    const api = express.Router();
    api.use(afstatsdExpress<Request, Response>({ statsd, requestTags: () => ({ api: 1 }) }));
    api.get('/x', (_req, res) => {
      statsd.increment('x');
      res.end();
    });
    app.use('/api', api);
    const site = await serve(app);
    await site.fetch('/api/x', from('a'));
    expect(await seen.counts()).to.deep.equal({ 'counter x 1 a': 1 });
  });

  it('are not there without the option', async () => {
    const site = await siteWith({ timing: false });
    await site.fetch('/orders/1', { headers: { 'x-plan': 'pro' } });
    expect(await seen.counts()).to.deep.equal({ 'counter orders': 1, 'counter later': 1 });
    expect(seen.log.warnings).to.deep.equal([
      'afstatsd: setRequestTags was called outside of a request, where it does nothing (said once)',
    ]);
  });

  it('that a function of the app has no answer for leave the request alone', async () => {
    const unheard = async (): Promise<never> => {
      throw new Error('unheard');
    };
    const answers = [() => undefined, unheard, () => 'text', () => ({ a: {} })];
    const site = await siteWith({
      timing: false,
      requestTags: () => {
        const answer = answers.shift();
        if (answer === undefined) throw new Error('on purpose');
        return answer() as unknown as ReturnType<typeof tenantOf>;
      },
    });
    for (let request = 0; request < 5; request++) {
      expect((await site.fetch('/orders/1')).status).to.equal(200);
    }
    expect(await seen.counts()).to.deep.equal({ 'counter orders': 5, 'counter later': 5 });
    expect(seen.log.warnings.map((line) => line.replace(/;.*/, ''))).to.deep.equal([
      'afstatsd: HTTP option requestTags must return an object of tags',
      'afstatsd: HTTP option requestTags: a tag is a string, number or boolean with a key, but "a" is an object',
      'afstatsd: HTTP instrumentation (requestTags) threw "Error: on purpose" (said once)',
    ]);
  });

  it('is an option that is a function, true or false', () => {
    expect(() => afstatsdExpress({ requestTags: { tenant: 'a' } as never })).to.throw(
      TypeError,
      'option requestTags must be true, false, or a function',
    );
  });
});
