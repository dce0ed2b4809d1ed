// A shop whose pages load what pages load, and what was recorded of it.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { MemoryTransport, StatsdClient } from '@afstatsd/core';
import { afstatsdExpress } from '@afstatsd/express';
import { until } from '@afstatsd/testing';
import express from 'express';

// An icon in the page itself: the browser needn't ask for one.
const page = (content) =>
  `<!doctype html><html lang="en"><head><title>Shop</title><link rel="icon" href="data:,"></head><body>${content}</body></html>`;

const soon = (what) =>
  page(
    `<script type="speculationrules">{"${what}":[{"urls":["/articles/soon"],"eagerness":"immediate"}]}</script>`,
  );

const PAGES = {
  '/shop/:item': page(`
    <link rel="stylesheet" href="/assets/style.css">
    <link rel="prefetch" href="/articles/next">
    <img src="/assets/photo.svg" alt="">
    <iframe src="/frame"></iframe>
    <script src="/assets/app.js"></script>`),
  '/frame': page('a frame'),
  '/fragment': '<p>a fragment</p>',
  '/articles/:title': page('an article'),
  '/orders/:id': page('thank you'),
  '/links': page(`
    <a href="/articles/next">on</a>
    <a href="/files/prices" download>prices</a>
    <form method="post" action="/orders"><button>order</button></form>`),
  '/prefetching': soon('prefetch'),
  '/prerendering': soon('prerender'),
  '/asking': page('<script>fetch("/articles/one", { method: "HEAD" })</script>'),
  '/live': page(
    '<script>new EventSource("/events").onmessage = ({ data }) => (document.title = data)</script>',
  ),
};

const SVG = '<svg xmlns="http://www.w3.org/2000/svg"/>';
const ASSETS = {
  'style.css': 'body { background: url(/assets/background.svg) }',
  'app.js': 'fetch("/api/stock"); fetch("/fragment");',
  'photo.svg': SVG,
  'background.svg': SVG,
};

function shop(middleware, requests) {
  const app = express();
  app.use(middleware);
  app.use((req, res, next) => {
    const request = {
      what: `${req.method} ${req.url}`,
      for: req.get('sec-fetch-dest') ?? '?',
      status: undefined,
    };
    requests.push(request);
    // The middleware listened first: by now it has recorded the request.
    res.once('close', () => (request.status = res.statusCode));
    next();
  });
  for (const [path, html] of Object.entries(PAGES)) app.get(path, (req, res) => res.send(html));
  app.get('/assets/:name', (req, res) => res.type(req.params.name).send(ASSETS[req.params.name]));
  app.get('/api/stock', (req, res) => res.json({ stock: 3 }));
  app.get('/files/:name', (req, res) => res.attachment('prices.csv').send('tea,3'));
  app.get('/events', (req, res) => res.type('text/event-stream').write('data: news\n\n'));
  app.post('/orders', (req, res) => res.redirect(303, '/orders/17'));
  return app;
}

export async function openShop() {
  const memory = new MemoryTransport({ tags: 'fold' });
  const requests = [];
  const middleware = afstatsdExpress({ statsd: new StatsdClient({ transport: memory, interval: 0 }) });
  const server = createServer(shop(middleware, requests)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();

  return {
    port,
    url: (path) => `http://127.0.0.1:${port}${path}`,
    /** Waits until so many requests have ended; each as `GET /frame for iframe: 200`. */
    async answered(count) {
      const ended = () => requests.filter(({ status }) => status).length;
      await until(`${count} requests are answered`, () => ended() >= count).catch((error) => {
        throw new Error(`${error.message}: ${JSON.stringify(requests)}`);
      });
      return requests.map((request) => `${request.what} for ${request.for}: ${request.status}`).sort();
    },
    /** The sums of counters, and how many values timers have, of names that begin so; by the rest of the name. */
    recorded(prefix) {
      const totals = {};
      for (const { name, value, values } of memory.metrics) {
        if (!name.startsWith(prefix)) continue;
        const rest = name.slice(prefix.length);
        totals[rest] = (totals[rest] ?? 0) + (value ?? values.length);
      }
      return totals;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
