import { Worker, isMainThread, workerData } from 'node:worker_threads';
import { Statsd } from '../../src/index.js';
import { recordAll } from './to-queue.js';

// Records with the socket of AFSTATSD_URL, in the main thread or in a worker, and ends.
const where: unknown = isMainThread ? process.argv[2] : workerData;
const worker =
  isMainThread && where === 'worker' ? new Worker(__filename, { workerData: 'here' }) : undefined;
if (worker !== undefined) worker.on('error', (error) => console.error(error));
else {
  recordAll();
  if (where === 'exits') process.exit(0);
  if (where === 'fills it')
    for (let i = 0; i < 9_000; i++) Statsd.increment(`a.rather.long.counter.name.${i}`);
}
