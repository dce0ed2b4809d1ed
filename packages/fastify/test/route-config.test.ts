import { eachFastify } from './support/app.js';
import { Latch } from './support/latch.js';
import { Wire } from './support/wire.js';

eachFastify("a route's config", (apps) => {
  it('doesn’t record the requests of a route whose config says `skip`', async () => {
    const app = apps.recording();
    app.fastify.get('/health', { config: { afstatsd: { skip: true } } }, async () => 'x');
    app.fastify.get('/users/:id', { config: { afstatsd: { skip: false } } }, async () => 'x');
    await app.listen();
    await app.fetch('/health');
    await app.fetch('/users/5');
    await app.recorded.becomes({ 'timer http.request get /users/:id 2xx': 1 });
  });

  it('doesn’t record them either when an earlier hook answers', async () => {
    const app = apps.plain();
    app.fastify.addHook('onRequest', async (_, reply) => reply.code(401).send());
    app.register();
    app.fastify.get('/health', { config: { afstatsd: { skip: true } } }, async () => 'x');
    await app.listen();
    await app.fetch('/health');
    await app.recorded.becomes({});
  });

  it('names the requests of a route by its config’s `name`, finished and aborted ones', async () => {
    const app = apps.recording();
    const entered = new Latch();
    app.fastify.post('/v1/carts/:id/pay', { config: { afstatsd: { name: 'checkout' } } }, async () => 'x');
    app.fastify.get('/slow/:id', { config: { afstatsd: { name: '/waiting' } } }, () => entered.open());
    await app.listen();
    await app.fetch('/v1/carts/5/pay', { method: 'POST' });
    const client = await Wire.connect(app.url);
    client.send('GET', '/slow/5');
    await entered.opened;
    client.leave();
    await app.recorded.becomes({
      'timer http.request post /checkout 2xx': 1,
      'counter http.aborted get /waiting': 1,
    });
  });
});
