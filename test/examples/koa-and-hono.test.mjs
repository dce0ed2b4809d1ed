// The programs; what the middleware records in each case is in the tests of packages/koa and packages/hono.
import { expect } from 'chai';
import { runServer } from './support/run-example.mjs';

for (const name of ['Koa', 'Hono']) {
  describe(`the example of ${name}`, () => {
    it('records requests and page views under the templates of its routes, and ends in order', async () => {
      const { exit, stderr, arrived } = await runServer(
        name.toLowerCase(),
        { env: { PORT: '0' } },
        async (url) => {
          const page = await fetch(url, { headers: { 'sec-fetch-dest': 'document' } });
          expect(await page.text()).to.include('<title>Hello</title>');
          for (const person of ['ada', 'ben'])
            expect(await (await fetch(`${url}/hello/${person}`)).json()).to.deep.equal({ hello: person });
          expect((await fetch(`${url}/nowhere`)).status).to.equal(404);
        },
      );
      expect(exit, stderr).to.equal(0);
      expect(arrived.timers).to.deep.equal({
        'http.request#method:get,route:/,status:2xx': 1,
        'http.request#method:get,route:/hello/:name,status:2xx': 2,
        'http.request#method:get,route:unmatched,status:4xx': 1,
      });
      expect(arrived.counters).to.deep.equal({ 'website.pageviews#route:/': 1 });
      expect(arrived.gauges['http.in_flight']).to.equal(0);
    });

    it('prints what it records, where nothing says where it should go', async () => {
      await runServer(name.toLowerCase(), { env: { PORT: '0' }, url: null }, async (url, program) => {
        expect((await fetch(`${url}/hello/ada`)).status).to.equal(200);
        await program.matched(/http\.request:[\d.]+\|ms\|#method:get,route:\/hello\/:name,status:2xx/);
      });
    });
  });
}
