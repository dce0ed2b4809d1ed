// node examples/prometheus/dist/src/main.js: a server of two processes that Prometheus scrapes directly. Open the URL that it prints,
// and /metrics there, then end it with Ctrl-C. /metrics shows both processes together, whichever answers.
import cluster from 'node:cluster';
import { createServer } from 'node:http';
import { Statsd } from '@afstatsd/core';
import { prometheusPage } from '@afstatsd/prometheus';

const WORKERS = 2;
const page = prometheusPage();

if (cluster.isPrimary) {
  let listening = 0;
  cluster.on('listening', (_worker, { port }) => {
    listening++;
    if (listening === WORKERS) console.log(`http://127.0.0.1:${port}`);
  });
  for (let at = 0; at < WORKERS; at++) cluster.fork();
  for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => cluster.disconnect());
} else {
  createServer((request, response) => {
    if (request.url === '/metrics') {
      page(request, response);
      return;
    }
    Statsd.increment('requests');
    response.end(`hello from ${process.pid}\n`);
  }).listen(Number(process.env['PORT'] ?? 3000), '127.0.0.1');
  // Ctrl-C signals every process of the group. The primary says when to end.
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => undefined);
}
