import cluster from 'node:cluster';
import { Statsd } from '../../src/index.js';
import { said, sendToQueue, stay } from './to-queue.js';

// Workers that record, and end by themselves or are killed; the primary records too.
const { kill, workers } = said as { kill: boolean; workers: number };

sendToQueue();
Statsd.updateStats('hits', 5);
if (cluster.isWorker) {
  if (kill) {
    stay();
    process.send!('recorded');
  } else {
    process.exit(0);
  }
}
for (let i = 0; cluster.isPrimary && i < workers; i++) {
  const worker = cluster.fork();
  worker.on('message', () => worker.kill());
  worker.on('exit', (code, signal) => console.log(`worker: ${code} ${signal}`));
}
