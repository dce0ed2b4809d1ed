import { once } from 'node:events';
import { Worker, isMainThread } from 'node:worker_threads';
import { Statsd, type StatsdOptions } from '../../src/index.js';
import { queue, recordAll, said, sendToQueue, stay } from './to-queue.js';

export interface WorkerScript extends StatsdOptions {
  readonly worker: 'ends' | 'exits' | 'throws' | 'stays' | 'keeps sending' | 'ends with more than fits';
  readonly main?: 'waits' | 'records too' | 'terminates it' | 'exits';
}

const { worker: does, main = 'waits', ...options } = said as WorkerScript;

function inWorker(): void {
  sendToQueue(options);
  recordAll();
  if (does === 'exits') process.exit(3);
  if (does === 'throws') throw new Error('on purpose');
  if (does === 'ends with more than fits') {
    void Statsd.flush({ timeout: 0 }); // opens the queue, so that nothing is left to load
    for (let i = 0; i < 5_000; i++) Statsd.increment(`a.counter.${i}`);
  }
  if (does === 'keeps sending') setInterval(() => Statsd.increment('more'), 0);
  if (does === 'stays') stay();
  console.log('recorded');
}

async function inMain(): Promise<void> {
  if (main === 'records too') {
    sendToQueue();
    recordAll();
  }
  const worker = new Worker(__filename, { argv: [queue, JSON.stringify(said)] });
  worker.on('error', (error) => console.log(`error: ${error.message}`));
  worker.on('exit', (code) => console.log(`worker: ${code}`));
  if (main === 'terminates it' || main === 'exits') {
    await once(process, 'message');
    if (main === 'exits') process.exit(4);
    await worker.terminate();
    process.disconnect();
  }
}

if (isMainThread) void inMain();
else inWorker();
