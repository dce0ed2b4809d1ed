import { until } from '@afstatsd/testing';
import { expect } from 'chai';
import { eachFastify } from './support/app.js';

eachFastify('the calls of a request', ({ recording }) => {
  it('are recorded under its route, in hooks and behind the parser of a body', async () => {
    const app = recording({ calls: true });
    const { statsd, memory } = app.recorded;
    const find = statsd.time('find', async () => {});
    app.fastify.addHook('onRequest', async () => find());
    app.fastify.post('/orders/:id', { bodyLimit: 5_000_000 }, async () => {
      for (let i = 0; i < 3; i++) await find();
      return {};
    });
    await app.listen();
    const body = JSON.stringify({ text: 'x'.repeat(1_000_000) });
    const init = { method: 'POST', body, headers: { 'content-type': 'application/json' } };
    await Promise.all([app.fetch('/orders/1', init), app.fetch('/orders/2', init)]);
    const values: number[] = [];
    await until('both requests are recorded', async () => {
      memory.clear();
      await statsd.flush();
      for (const metric of memory.find('http.request.calls')) {
        expect(metric.tags).to.deep.equal([
          ['route', '/orders/:id'],
          ['what', 'find'],
        ]);
        if ('values' in metric) values.push(...metric.values);
      }
      return values.length === 2;
    });
    expect(values).to.deep.equal([4, 4]);
    memory.clear();
  });
});
