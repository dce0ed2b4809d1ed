import cluster from 'node:cluster';
import { createServer } from 'node:http';
import { Statsd } from '@afstatsd/core';

/** Serves, until the primary disconnects it. */
export function runWorker(): void {
  // Of a counter or timer the receiver adds up what all processes send, and needs no tag.
  const answer = Statsd.time('cluster.request', () => `hello from ${process.pid}\n`);

  // Of a gauge it keeps the last value, whosever that is: so each worker has one of its own. A worker that is started anew has a
  // new id, and with it a new metric: where workers come and go, tag them with their place (0, 1, …).
  Statsd.gauge('cluster.heap_mb', () => process.memoryUsage().heapUsed / 2 ** 20, {
    tags: { worker: cluster.worker?.id },
  });

  createServer((_request, response) => {
    Statsd.increment('cluster.requests');
    response.end(answer());
  }).listen(Number(process.env['PORT'] ?? 3000), '127.0.0.1');

  // Ctrl-C, and systemd, signal every process of the group. The primary says when to end.
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => undefined);
}
