import { eachFastify } from './support/app.js';

eachFastify('errors', (apps) => {
  it('keeps the route, with its prefix, of a handler that throws or rejects', async () => {
    const app = apps.recording();
    app.fastify.register(
      async (api) => {
        api.get('/thrown/:id', () => {
          throw new Error('no');
        });
        api.get('/rejected/:id', async () => {
          throw new Error('no');
        });
      },
      { prefix: '/api/:tenant' },
    );
    await app.listen();
    await app.fetch('/api/acme/thrown/5');
    await app.fetch('/api/acme/rejected/5');
    await app.recorded.becomes({
      'timer http.request get /api/:tenant/thrown/:id 5xx': 1,
      'timer http.request get /api/:tenant/rejected/:id 5xx': 1,
    });
  });

  it('records the status that an error carries', async () => {
    const app = apps.recording();
    app.fastify.get('/teapots/:id', async () => {
      throw Object.assign(new Error('short and stout'), { statusCode: 418 });
    });
    await app.listen();
    await app.fetch('/teapots/5');
    await app.recorded.becomes({ 'timer http.request get /teapots/:id 4xx': 1 });
  });

  it('records the status that an error handler answers with', async () => {
    const app = apps.recording();
    app.fastify.register(
      async (api) => {
        api.setErrorHandler((_, __, reply) => reply.code(409).send());
        api.get('/users/:id', async () => {
          throw new Error('no');
        });
      },
      { prefix: '/api' },
    );
    await app.listen();
    await app.fetch('/api/users/5');
    await app.recorded.becomes({ 'timer http.request get /api/users/:id 4xx': 1 });
  });

  it('records what validation, the parser of the body, or a hook after it refuses', async () => {
    const app = apps.recording();
    const schema = {
      querystring: { type: 'object', required: ['q'], properties: { q: { type: 'string' } } },
    };
    app.fastify.get('/search', { schema }, async () => 'x');
    app.fastify.post('/users', async () => 'x');
    app.fastify.get('/closed', {
      preHandler: async (_, reply) => reply.code(401).send(),
      handler: async () => 'x',
    });
    await app.listen();
    await app.fetch('/search');
    await app.fetch('/users', { method: 'POST', body: '{', headers: { 'content-type': 'application/json' } });
    await app.fetch('/closed');
    await app.recorded.becomes({
      'timer http.request get /search 4xx': 1,
      'timer http.request post /users 4xx': 1,
      'timer http.request get /closed 4xx': 1,
    });
  });
});
