import { Statsd } from '@afstatsd/core';
import { Router } from 'express';

/** Orders of a tenant. The middleware records requests; what was ordered only the shop knows. */
export function orders(): Router {
  // Without mergeParams a router doesn't see the parameters of where it is mounted.
  const router = Router({ mergeParams: true });

  router.post('/', (req, res) => {
    // One of two values, and never what the client wrote: each new value would be a new metric.
    const payment = req.query['payment'] === 'invoice' ? 'invoice' : 'card';
    Statsd.increment('shop.orders', { tags: { payment } });
    res.status(201).send({ payment });
  });

  router.get('/:order', (req, res) => {
    res.send(req.params);
  });

  router.get('/:order/invoice', () => {
    throw new Error('the printer is out of paper');
  });

  return router;
}
