import { Worker, isMainThread, workerData } from 'node:worker_threads';
import { AFTransport, Statsd } from '../../src/index.js';

// Records ten times a second, with all defaults: `steady.js QUEUE [in a worker thread]`.
const [queue, inWorker] = isMainThread ? process.argv.slice(2) : [workerData as string];

if (inWorker !== undefined) void new Worker(__filename, { workerData: queue });
else {
  Statsd.configure({ transport: new AFTransport({ queue: queue!, fallback: false }) });
  setInterval(() => Statsd.increment('steady'), 100);
}
