import express, { Router } from 'express';
import type { Cart, Checkout } from './checkout.js';
import type { Invoices } from './invoices.js';

/** What programs ask, in JSON. */
export function api(checkout: Checkout, invoices: Invoices): Router {
  const router = Router();
  let orders = 0;

  router.post('/checkout', express.json(), async (req, res) => {
    const cents = await checkout.checkOut((req.body ?? {}) as Cart);
    const order = ++orders;
    res.status(201).json({ order, cents, invoiceMs: await invoices.render(order) });
  });

  router.get('/recommendations', () => {
    throw new Error('not trained yet');
  });

  // Never ends: clients give up.
  router.get('/reports/:year', (_req, res) => {
    res.type('text/csv').write('order,cents\n');
  });

  router.use((error: unknown, _req: express.Request, res: express.Response, _next: express.NextFunction) => {
    res.status(statusOf(error)).json({ error: error instanceof Error ? error.message : 'failed' });
  });
  return router;
}

/** Also that of what Express itself refuses, such as a body that is no JSON. */
function statusOf(error: unknown): number {
  const { status } = error as { status?: unknown };
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 500;
}
