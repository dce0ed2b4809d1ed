// node examples/worker-threads/dist/src/main.js: counts the primes below 1,000,000 in two worker threads, each of which
// records with a Statsd of its own. What they record adds up at the receiver.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { Statsd } from '@afstatsd/core';
import type { Range } from './primes.js';

const LIMIT = 1_000_000;
const STEP = 25_000;

async function main(): Promise<void> {
  const ranges: Range[] = [];
  for (let from = 0; from < LIMIT; from += STEP) ranges.push({ from, to: from + STEP });

  const workers = [1, 2].map(() => new Worker(require.resolve('./worker.js')));
  Statsd.gauge('primes.threads', workers.length);

  let found = 0;
  await Promise.all(
    workers.map(async (worker) => {
      for (let range = ranges.shift(); range !== undefined; range = ranges.shift()) {
        worker.postMessage(range);
        const [primes] = (await once(worker, 'message')) as [number];
        found += primes;
      }
      await end(worker);
    }),
  );
  console.log(`${found} primes below ${LIMIT}`);
}

/**
 * Asks a worker to return, and waits until it has. `worker.terminate()`, or `process.exit()` here while it runs, would end it
 * between two instructions: what it recorded since its last flush, up to a second before, would be lost.
 */
async function end(worker: Worker): Promise<void> {
  const exit = once(worker, 'exit');
  worker.postMessage('end');
  await exit;
}

void main();
