// The examples of Express and of Fastify, which are the same shop, as processes that are ended by SIGTERM, with a real queue.
import { expect } from 'chai';
import { runServer } from './support/run-example.mjs';

/** The route of its page. */
const HOMES = { Express: '/', Fastify: '/home' };

for (const [name, home] of Object.entries(HOMES)) {
  describe(`the example of ${name}`, () => {
    let run;
    const answers = [];

    before(async () => {
      run = await runServer(name.toLowerCase(), { env: { PORT: '0' } }, async (url) => {
        async function ask(path, options) {
          const response = await fetch(url + path, options);
          answers.push([path, response.status, await response.text()]);
        }
        await ask('/health');
        await ask('/');
        for (const order of [7, 8, 9]) await ask(`/api/tenants/acme/orders/${order}`);
        await ask('/api/tenants/acme/orders/7/invoice');
        await ask('/api/tenants/acme/orders', { method: 'POST' });
        await ask('/api/tenants/acme/orders?payment=invoice', { method: 'POST' });
        await ask('/api/tenants/acme/orders?payment=anything', { method: 'POST' });
        await ask('/nowhere');
      });
    });

    it('serves, and ends in order', () => {
      expect(run.exit, run.stderr).to.equal(0);
      expect(run.stderr).to.equal('');
      expect(answers.map(([, status]) => status)).to.deep.equal([
        200, 200, 200, 200, 200, 500, 201, 201, 201, 404,
      ]);
      expect(answers[0]).to.deep.equal(['/health', 200, 'ok']);
      expect(answers[1][2]).to.include('<title>Shop</title>');
      expect(answers[2][2]).to.equal('{"tenant":"acme","order":"7"}');
      expect(answers[5][2]).to.equal('{"error":"the printer is out of paper"}');
    });

    it('records each request under the template of its route, and not that of its health', () => {
      expect(run.arrived.timers).to.deep.equal({
        [`http.request#method:get,route:${home},status:2xx`]: 1,
        'http.request#method:get,route:/api/tenants/:tenant/orders/:order,status:2xx': 3,
        'http.request#method:get,route:/api/tenants/:tenant/orders/:order/invoice,status:5xx': 1,
        'http.request#method:post,route:/api/tenants/:tenant/orders,status:2xx': 3,
        'http.request#method:get,route:unmatched,status:4xx': 1,
      });
    });

    it('counts the page that was looked at, and what the shop counts itself', () => {
      expect(run.arrived.counters).to.deep.equal({
        [`website.pageviews#route:${home}`]: 1,
        'shop.orders#payment:card': 2,
        'shop.orders#payment:invoice': 1,
      });
    });

    it('has gauges of the requests in flight: none at the end', () => {
      expect(run.arrived.gauges).to.have.all.keys('http.in_flight', 'http.in_flight.max');
      expect(run.arrived.gauges['http.in_flight']).to.equal(0);
    });
  });
}
