import { setTimeout as delay } from 'node:timers/promises';
import { Router } from 'express';
import { ARTICLES } from '../articles.js';

/** What people look at, in HTML. */
export function pages(): Router {
  const router = Router();

  router.get('/', (_req, res) => {
    const links = [...ARTICLES.keys()].map((sku) => `<li><a href="/articles/${sku}">${sku}</a>`);
    res.send(`<!doctype html><title>Shop</title><ul>${links.join('')}</ul>`);
  });

  router.get('/articles/:sku', (req, res, next) => {
    const { sku } = req.params;
    const cents = ARTICLES.get(sku);
    if (cents === undefined) next();
    else res.send(`<!doctype html><title>${sku}</title><p>${(cents / 100).toFixed(2)} €`);
  });

  router.get('/search', async (_req, res) => {
    // A slow one.
    await delay(200 + Math.random() * 400);
    res.send('<!doctype html><title>Search</title>');
  });
  return router;
}
