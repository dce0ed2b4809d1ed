import { useClients } from '@afstatsd/testing';
import { expect } from 'chai';
import { afstatsdKoa } from '../src/middleware.js';
import { VERSIONS, useSites } from './support/sites.js';

for (const { title, Koa } of VERSIONS) {
  describe(`request tags (${title})`, () => {
    const makeClient = useClients();
    const serve = useSites();

    it('are on what is recorded while a request is handled', async () => {
      const recorded = makeClient();
      const { statsd } = recorded;
      const app = new Koa();
      app.use(
        afstatsdKoa({
          statsd,
          timing: false,
          pageviews: false,
          requestTags: (ctx) => ({ tenant: ctx.get('x-tenant') }),
        }),
      );
      app.use(async (ctx, next) => {
        await new Promise((resolve) => void setImmediate(resolve));
        statsd.setRequestTags({ plan: 'pro' });
        await next();
        ctx.status = 204;
      });
      app.use(() => statsd.increment('orders'));
      const site = await serve(app);
      await Promise.all(['a', 'b'].map((tenant) => site.get('/', { headers: { 'x-tenant': tenant } })));
      statsd.increment('outside');
      expect(await recorded.counts()).to.deep.equal({
        'counter orders pro a': 1,
        'counter orders pro b': 1,
        'counter outside': 1,
      });
    });
  });
}
