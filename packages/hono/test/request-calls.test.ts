import { until, useClients } from '@afstatsd/testing';
import { expect } from 'chai';
import { afstatsdHono } from '../src/middleware.js';
import { VERSIONS, useSites } from './support/sites.js';

for (const { title, Hono } of VERSIONS) {
  describe(`the calls of a request (${title})`, () => {
    const makeClient = useClients();
    const serve = useSites();

    it('are recorded with its route', async () => {
      const { statsd, memory } = makeClient();
      const find = statsd.time('find', async () => {});
      const app = new Hono();
      app.use(afstatsdHono({ statsd, calls: true }));
      app.get('/orders/:id', async (c) => {
        for (let i = 0; i < 3; i++) await find();
        return c.json({});
      });
      const site = await serve(app);
      await Promise.all([site.get('/orders/1'), site.get('/orders/2')]);
      const values: number[] = [];
      await until('both requests are recorded', async () => {
        memory.clear();
        await statsd.flush();
        for (const metric of memory.find('http.request.calls')) {
          expect(metric.tags?.at(-1)).to.deep.equal(['what', 'find']);
          if ('values' in metric) values.push(...metric.values);
        }
        return values.length === 2;
      });
      expect(values).to.deep.equal([3, 3]);
    });
  });
}
