import { Statsd } from '@afstatsd/core';
import { afstatsdExpress } from '@afstatsd/express';
import { useClients } from '@afstatsd/testing';
import { expect } from 'chai';
import { useSites } from './support/site.js';
import { forEachExpress } from './support/versions.js';

const LATE =
  "afstatsd: afstatsdExpress comes after 1 of the app's routes, which it doesn't see: use it before them (said once)";

forEachExpress('a middleware that is used wrongly', (express, version) => {
  const makeClient = useClients();
  const serve = useSites();
  it('says what to write instead of app.use(afstatsdExpress), and the app answers', async () => {
    const said: [kind: string, text: string][] = [];
    const own = Object.getOwnPropertyDescriptor(Statsd, 'warnOnce');
    const value = (kind: string, text: () => string): void => void said.push([kind, text()]);
    // A process says it once, and this is tried with each Express.
    Object.defineProperty(Statsd, 'warnOnce', { value, configurable: true });
    try {
      const app = express();
      app.use(afstatsdExpress as never);
      app.get('/', (_req, res) => void res.send('x'));
      const site = await serve(app);
      expect((await site.fetch('/')).status).to.equal(200);
    } finally {
      if (own === undefined) delete (Statsd as { warnOnce?: unknown }).warnOnce;
      else Object.defineProperty(Statsd, 'warnOnce', own);
    }
    expect(said).to.deep.equal([
      [
        'express uncalled',
        'afstatsdExpress makes the middleware, and records nothing itself: write app.use(afstatsdExpress())',
      ],
    ]);
  });

  it('after all routes is noticed at the first response of one', async () => {
    const seen = makeClient();
    const app = express();
    app.get('/', (_req, res) => void res.send('x'));
    app.use(afstatsdExpress({ statsd: seen.statsd }));
    const site = await serve(app);
    await site.fetch('/');
    expect(seen.log.warnings).to.deep.equal([LATE]);
    await site.fetchAll('/', '/none');
    expect(seen.log.warnings).to.deep.equal([LATE]);
  });

  it('after all routes is noticed when a mounted app answers', async () => {
    const seen = makeClient();
    const sub = express();
    sub.get('/', (_req, res) => void res.send('x'));
    const app = express();
    app.get('/first', (_req, res) => void res.send('x'));
    app.use('/sub', sub);
    app.use(afstatsdExpress({ statsd: seen.statsd }));
    await (await serve(app)).fetch('/sub');
    expect(seen.log.warnings).to.deep.equal([LATE]);
  });

  it('before the routes, or in an app that answers nothing, says nothing', async () => {
    const seen = makeClient();
    const other = express();
    other.get('/', (_req, res) => void res.send('x'));
    const app = express();
    app.use(afstatsdExpress({ statsd: seen.statsd, pageviews: false }));
    app.get('/', (_req, res) => void res.send('x'));
    const [first, second] = [await serve(other), await serve(app)];
    for (let i = 0; i < 120; i++) await first.fetch('/');
    await second.fetchAll('/', '/none');
    expect(seen.log.warnings).to.deep.equal([]);
    expect(await seen.counts()).to.deep.equal({
      'timer http.request get / 2xx': 1,
      'timer http.request get unmatched 4xx': 1,
    });
  });

  it('has a name in the stack', () => {
    const app = express();
    app.use(afstatsdExpress());
    const routed = app as unknown as Record<'_router' | 'router', { stack: { name: string }[] }>;
    const { stack } = version === 'Express 4' ? routed._router : routed.router;
    expect(stack.map(({ name }) => name)).to.include('afstatsdMiddleware');
  });
});
