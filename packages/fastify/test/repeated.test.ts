import afstatsd from '@afstatsd/fastify';
import { eachFastify } from './support/app.js';

eachFastify('several registrations', (apps) => {
  it('records a request once when the plugin is registered twice in the same place', async () => {
    const app = apps.recording();
    app.register();
    app.fastify.get('/users/:id', async () => 'x');
    await app.listen();
    await app.fetch('/users/5');
    await app.recorded.becomes({ 'timer http.request get /users/:id 2xx': 1 });
  });

  for (const [order, childFirst] of [
    ['in a child, then in the root', true],
    ['in the root, then in a child', false],
  ] as const) {
    it(`records a request once when the plugin is registered ${order}`, async () => {
      const app = apps.plain();
      const { statsd } = app.recorded;
      if (!childFirst) app.register();
      app.fastify.register(
        async (child) => {
          await child.register(afstatsd, { statsd });
          child.get('/users/:id', async () => 'x');
        },
        { prefix: '/child' },
      );
      if (childFirst) app.register();
      app.fastify.get('/users/:id', async () => 'x');
      await app.listen();
      await app.fetch('/users/5');
      await app.fetch('/child/users/5');
      await app.recorded.becomes({
        'timer http.request get /users/:id 2xx': 1,
        'timer http.request get /child/users/:id 2xx': 1,
      });
    });
  }

  it('records only the requests of the child that it is registered in', async () => {
    const app = apps.plain();
    app.fastify.register(async (child) => {
      await child.register(afstatsd, { statsd: app.recorded.statsd });
      child.get('/inside', async () => 'x');
    });
    app.fastify.get('/outside', async () => 'x');
    await app.listen();
    await app.fetch('/inside');
    await app.fetch('/outside');
    await app.recorded.becomes({ 'timer http.request get /inside 2xx': 1 });
  });

  it('records a request with one of two clients: that of the plugin that was registered first', async () => {
    const app = apps.recording();
    const second = apps.makeClient();
    app.fastify.register(afstatsd, { statsd: second.statsd });
    app.fastify.get('/users/:id', async () => 'x');
    await app.listen();
    await app.fetch('/users/5');
    await app.recorded.becomes({ 'timer http.request get /users/:id 2xx': 1 });
    await second.becomes({});
  });
});
