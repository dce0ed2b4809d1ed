import afstatsd from '@afstatsd/fastify';
import Fastify, { type FastifyInstance } from 'fastify';
import { orders } from './orders.js';

export async function createApp(): Promise<FastifyInstance> {
  const app = Fastify();

  // It holds for the whole instance, and for the plugins below.
  await app.register(afstatsd, { inFlight: true });

  // Plugins below inherit it. The request keeps the route that failed.
  app.setErrorHandler((error: Error, _request, reply) => reply.status(500).send({ error: error.message }));

  // What holds for one route alone stands with the route.
  app.get('/health', { config: { afstatsd: { skip: true } } }, async () => 'ok');

  // HTML that a person asked for: a page view. A name stands in the place of its template, `/`.
  app.get('/', { config: { afstatsd: { name: 'home' } } }, async (_request, reply) => {
    void reply.type('text/html');
    return '<!doctype html><title>Shop</title><a href="/api/tenants/acme/orders/7">Order 7</a>';
  });

  await app.register(
    async (api) => {
      await api.register(orders, { prefix: '/tenants/:tenant/orders' });
    },
    { prefix: '/api' },
  );

  return app;
}
