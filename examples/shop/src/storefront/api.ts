import express, { Router } from 'express';
import { type Cart, type Checkout, CheckoutRefused } from './checkout.js';
import type { Invoices } from './invoices.js';

/** What programs ask, in JSON. */
export function api(checkout: Checkout, invoices: Invoices): Router {
  const router = Router();
  let orders = 0;

  router.post('/checkout', express.json(), async (req, res) => {
    const cents = await checkout.checkOut(req.body as Cart);
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
    const status = error instanceof CheckoutRefused ? error.status : 500;
    res.status(status).json({ error: error instanceof Error ? error.message : 'failed' });
  });
  return router;
}
