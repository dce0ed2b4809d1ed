import { useClients } from '@afstatsd/testing';
import { expect } from 'chai';
import type { Hono } from 'hono';
import { afstatsdHono } from '../src/middleware.js';
import { type HonoClass, VERSIONS, useSites } from './support/sites.js';

for (const { title, Hono: HonoOf } of VERSIONS) {
  describe(`request tags (${title})`, () => {
    const makeClient = useClients();
    const serve = useSites();
    const expected = { 'counter orders pro a': 1, 'counter orders pro b': 1 };

    function make(of: HonoClass): { app: Hono; counts: () => Promise<Record<string, number>> } {
      const recorded = makeClient();
      const { statsd } = recorded;
      const app = new of();
      app.use(
        '*',
        afstatsdHono({
          statsd,
          timing: false,
          pageviews: false,
          requestTags: (c) => ({ tenant: c.req.header('x-tenant') }),
        }),
      );
      app.post('/orders', async (c) => {
        await c.req.json();
        statsd.setRequestTags({ plan: 'pro' });
        statsd.increment('orders');
        return c.json({});
      });
      return { app, counts: () => recorded.counts() };
    }
    const request = (tenant: string): RequestInit => ({
      method: 'POST',
      body: JSON.stringify({ text: 'x'.repeat(1_000_000) }),
      headers: { 'x-tenant': tenant, 'content-type': 'application/json' },
    });

    it('are on what is recorded while a request of a server is handled', async () => {
      const { app, counts } = make(HonoOf);
      const site = await serve(app);
      await Promise.all(['a', 'b'].map((tenant) => site.get('/orders', request(tenant))));
      expect(await counts()).to.deep.equal(expected);
    });

    it('are there without a server, too', async () => {
      const { app, counts } = make(HonoOf);
      await Promise.all(['a', 'b'].map(async (tenant) => app.request('/orders', request(tenant))));
      expect(await counts()).to.deep.equal(expected);
    });
  });
}
