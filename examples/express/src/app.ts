import { afstatsdExpress } from '@afstatsd/express';
import express, { type Express, type NextFunction, type Request, type Response, Router } from 'express';
import { orders } from './orders.js';

export function createApp(): Express {
  const app = express();

  // Before everything that is to be recorded.
  app.use(afstatsdExpress({ exclude: ['/health'], inFlight: true }));

  app.get('/health', (_req, res) => {
    res.send('ok');
  });

  // HTML that a person asked for: a page view.
  app.get('/', (_req, res) => {
    res.send('<!doctype html><title>Shop</title><a href="/api/tenants/acme/orders/7">Order 7</a>');
  });

  const api = Router();
  api.use('/tenants/:tenant/orders', orders());
  app.use('/api', api);

  app.use(answerError);
  return app;
}

/** Express takes a function with four parameters for an error handler. The request keeps the route that failed. */
function answerError(error: Error, _req: Request, res: Response, _next: NextFunction): void {
  res.status(500).send({ error: error.message });
}
