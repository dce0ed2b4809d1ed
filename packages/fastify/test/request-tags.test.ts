import { expect } from 'chai';
import { eachFastify } from './support/app.js';

eachFastify('request tags', ({ recording }) => {
  const tenantOf = (request: { headers: Record<string, unknown> }): { tenant: string } => ({
    tenant: String(request.headers['x-tenant']),
  });

  it('are on what hooks and handlers record, also behind the parser of a body', async () => {
    const app = recording({ requestTags: tenantOf, timing: false, pageviews: false });
    const { fastify, recorded } = app;
    const { statsd } = recorded;
    fastify.addHook('onRequest', async () => statsd.increment('onRequest'));
    fastify.addHook('preHandler', (_request, _reply, done) => {
      statsd.increment('preHandler');
      done();
    });
    const answer = async (body: unknown): Promise<string[]> => {
      statsd.increment('handler');
      await new Promise((resolve) => void setImmediate(resolve));
      statsd.setRequestTags({ plan: 'pro' });
      statsd.increment('late');
      return Object.keys(body as object);
    };
    fastify.post('/orders', { bodyLimit: 5_000_000 }, (request) => answer(request.body));
    await app.listen();
    const post = (tenant: string): Promise<Response> =>
      app.fetch('/orders', {
        method: 'POST',
        body: JSON.stringify({ text: 'x'.repeat(2_000_000) }),
        headers: { 'x-tenant': tenant, 'content-type': 'application/json' },
      });
    const answers = await Promise.all([post('a'), post('b')]);
    expect(answers.map(({ status }) => status)).to.deep.equal([200, 200]);
    await recorded.becomes({
      'counter onRequest a': 1,
      'counter onRequest b': 1,
      'counter preHandler a': 1,
      'counter preHandler b': 1,
      'counter handler a': 1,
      'counter handler b': 1,
      'counter late pro a': 1,
      'counter late pro b': 1,
    });
  });

  it('are on the metrics of the request by its option tags', async () => {
    const app = recording({ requestTags: tenantOf, tags: () => app.recorded.statsd.requestTags() });
    app.fastify.get('/orders/:id', async () => ({}));
    await app.listen();
    await app.fetch('/orders/1', { headers: { 'x-tenant': 'a' } });
    await app.recorded.becomes({ 'timer http.request get /orders/:id 2xx a': 1 });
  });
});
