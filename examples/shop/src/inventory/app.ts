import { afstatsd } from '@afstatsd/fastify';
import fastify, { type FastifyInstance } from 'fastify';
import { SoldOut, type Stock } from './stock.js';

interface Article {
  readonly Params: { readonly sku: string };
}

interface Delivery extends Article {
  readonly Body: { readonly units: number };
}

/** The inventory's routes. */
export function inventoryApp(stock: Stock): FastifyInstance {
  const app = fastify();
  app.register(afstatsd);
  // Routes that are registered with the app itself would be there before the plugin.
  app.register(async (routes) => {
    routes.get('/health', { config: { afstatsd: { skip: true } } }, () => 'ok');
    routes.get('/stock', () => ({ units: stock.total }));

    routes.get<Article>('/stock/:sku', async ({ params }, reply) => {
      const units = stock.unitsOf(params.sku);
      if (units === undefined) return reply.code(404).send({ error: `no article ${params.sku}` });
      return { units };
    });

    routes.post<Article>('/stock/:sku/reservations', async ({ params }, reply) => {
      stock.reserve(params.sku);
      return reply.code(201).send({});
    });

    routes.post<Delivery>('/stock/:sku/deliveries', async ({ params, body }, reply) => {
      stock.deliver(params.sku, body.units);
      return reply.code(204).send();
    });
  });

  app.setErrorHandler((error, _request, reply) => {
    return reply.code(statusOf(error)).send({ error: error instanceof Error ? error.message : 'failed' });
  });
  return app;
}

/** Also that of what Fastify itself refuses, such as a body that is no JSON. */
function statusOf(error: unknown): number {
  if (error instanceof SoldOut) return 409;
  const { statusCode } = error as { statusCode?: unknown };
  return typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500 ? statusCode : 500;
}
