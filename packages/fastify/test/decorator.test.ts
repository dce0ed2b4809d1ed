import { Statsd } from '@afstatsd/core';
import { expect } from 'chai';
import { eachFastify } from './support/app.js';

eachFastify('the decorator `statsd`', (apps) => {
  it('is the client of the plugin, also in a plugin below', async () => {
    const app = apps.recording();
    app.fastify.register(async (below) => {
      below.get('/orders', async () => {
        below.statsd.increment('orders');
        return 'x';
      });
    });
    await app.listen();
    expect(app.fastify.statsd).to.equal(app.recorded.statsd);
    await app.fetch('/orders');
    await app.recorded.becomes({ 'counter orders': 1, 'timer http.request get /orders 2xx': 1 });
  });

  it('is the shared client without the option, and the one of the first registration', async () => {
    const app = apps.plain();
    app.register({ statsd: undefined as never, skip: () => true });
    app.register();
    await app.fastify.ready();
    expect(app.fastify.statsd).to.equal(Statsd);
  });

  it("leaves an app's own alone", async () => {
    const app = apps.plain();
    app.register();
    app.fastify.decorate('statsd', 'mine' as never);
    await app.fastify.ready();
    expect(app.fastify.statsd).to.equal('mine');
  });
});
