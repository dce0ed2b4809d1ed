import { Statsd } from '@afstatsd/core';
import type { FastifyInstance } from 'fastify';

/** Orders of a tenant. The plugin of afstatsd records requests; what was ordered only the shop knows. */
export async function orders(app: FastifyInstance): Promise<void> {
  app.post<{ Querystring: { payment?: string } }>('/', async (request, reply) => {
    // One of two values, and never what the client wrote: each new value would be a new metric.
    const payment = request.query.payment === 'invoice' ? 'invoice' : 'card';
    Statsd.increment('shop.orders', { tags: { payment } });
    void reply.status(201);
    return { payment };
  });

  app.get('/:order', (request, reply) => reply.send(request.params));

  app.get('/:order/invoice', async () => {
    throw new Error('the printer is out of paper');
  });
}
