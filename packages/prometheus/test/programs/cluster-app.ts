// A cluster whose processes have a page each. The test tells it what to do by messages, and it answers each of them.
import cluster, { type Worker } from 'node:cluster';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Statsd } from '@afstatsd/core';
import { prometheusPage } from '@afstatsd/prometheus';

const WORKERS = 2;

/** A page of this process on a port of its own, so that the test chooses who answers. */
function serve(listening: (port: number) => void): void {
  const server = createServer(prometheusPage({ timeout: Number(process.env['PAGE_TIMEOUT'] ?? 30_000) }));
  // Not the cluster's shared port.
  server.listen({ port: 0, host: '127.0.0.1', exclusive: true }, () =>
    listening((server.address() as AddressInfo).port),
  );
}

function runPrimary(): void {
  const ports: number[] = [];
  const listening = (port: number): void => {
    ports.push(port);
    const wanted = process.env['PRIMARY'] === 'none' ? WORKERS : WORKERS + 1;
    if (ports.length === wanted) process.send!({ ports, pids: workers().map((one) => one.process.pid) });
  };
  if (process.env['PRIMARY'] !== 'none') serve(listening);
  Statsd.increment('begun');
  if (process.env['FLUSH'] === 'fails') failFlushes();
  for (let at = 0; at < WORKERS; at++) {
    cluster.fork().on('message', (message: { port?: number }) => {
      if (message.port !== undefined) listening(message.port);
    });
  }
  // When a worker has gone, the test is to know it by the primary, which has seen it then.
  cluster.on('disconnect', (worker) => console.log(`worker ${worker.id} has gone`));
  process.on('disconnect', () => process.exit());
}

/** As with a client of the app's own, whose flush fails once and works again later. */
function failFlushes(): void {
  const { flush } = Statsd;
  let failures = 1;
  const fails: typeof flush = (options) =>
    failures-- > 0 ? Promise.reject(new Error('flush on purpose')) : flush(options);
  Object.assign(Statsd, { flush: fails });
}

function workers(): Worker[] {
  return Object.values(cluster.workers!) as Worker[];
}

function runWorker(): void {
  const { id } = cluster.worker!;
  Statsd.increment('begun');
  Statsd.increment('orders', { tags: { method: 'card' } });
  Statsd.timing('load', 20 * id);
  Statsd.set('users', `user ${id}`);
  Statsd.gauge('size', id);
  serve((port) => process.send!({ port }));
}

if (cluster.isPrimary) runPrimary();
else runWorker();
