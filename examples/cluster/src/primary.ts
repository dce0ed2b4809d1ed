import cluster from 'node:cluster';
import { Statsd } from '@afstatsd/core';

const WORKERS = 2;

/** Starts the workers, and ends them in order. */
export function runPrimary(): void {
  let listening = 0;
  cluster.on('listening', (_worker, { port }) => {
    listening++;
    if (listening === WORKERS) console.log(`http://127.0.0.1:${port}`);
  });

  for (let i = 0; i < WORKERS; i++) {
    cluster.fork();
    // The primary is one more process with metrics of its own.
    Statsd.increment('cluster.forks');
  }

  // Each worker closes its server, answers what has begun, and ends; then so does the primary. Each sends its last metrics.
  for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => cluster.disconnect());
}
