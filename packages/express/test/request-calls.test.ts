import { afstatsdExpress } from '@afstatsd/express';
import { useClients } from '@afstatsd/testing';
import { expect } from 'chai';
import { useSites } from './support/site.js';
import { forEachExpress } from './support/versions.js';

forEachExpress('the calls of a request', (express) => {
  const makeClient = useClients();
  const serve = useSites();

  it('are recorded under its route, also behind routers and the parser of a body', async () => {
    const { statsd, memory } = makeClient();
    const find = statsd.time('find', async () => {});
    const app = express();
    app.use(afstatsdExpress({ statsd, calls: true }));
    const router = express.Router();
    router.post('/:id', express.json({ limit: '5mb' }), async (_req, res) => {
      for (let i = 0; i < 3; i++) await find();
      res.json({});
    });
    app.use('/orders', router);
    const site = await serve(app);
    const body = JSON.stringify({ text: 'x'.repeat(1_000_000) });
    const init = { method: 'POST', body, headers: { 'content-type': 'application/json' } };
    await Promise.all([site.fetch('/orders/1', init), site.fetch('/orders/2', init)]);
    await site.quiet();
    await statsd.flush();
    const [metric, ...others] = memory.find('http.request.calls');
    expect(others).to.deep.equal([]);
    expect(metric).to.deep.include({
      values: [3, 3],
      tags: [
        ['route', '/orders/:id'],
        ['what', 'find'],
      ],
    });
  });
});
