import cluster from 'node:cluster';
import { once } from 'node:events';
import { Worker, isMainThread } from 'node:worker_threads';
import { Statsd } from '../../src/index.js';
import { queue, said, sendToQueue } from './to-queue.js';

// A program of which each process and thread collects runtime metrics, and which ends by itself.
const {
  forks = 0,
  threads = 0,
  by,
} = said as { forks?: number; threads?: number; by: 'call' | 'environment' };

async function run(): Promise<void> {
  sendToQueue();
  if (by === 'call') Statsd.collectRuntimeMetrics();
  else Statsd.increment('started');
  const parts = [
    ...(cluster.isPrimary && isMainThread ? Array.from({ length: forks }, () => cluster.fork()) : []),
    ...(isMainThread
      ? Array.from({ length: threads }, () => new Worker(__filename, { argv: [queue, JSON.stringify(said)] }))
      : []),
  ];
  if (cluster.isWorker && isMainThread) process.disconnect(); // which would keep it
  await Promise.all(parts.map((part) => once(part, 'exit')));
}

void run();
