import { once } from 'node:events';
import { readdirSync, readlinkSync } from 'node:fs';
import { Worker, isMainThread } from 'node:worker_threads';
import { Statsd } from '../../src/index.js';
import { queue, sendToQueue } from './to-queue.js';

/** How many descriptors of the queue the process has. */
function descriptors(): number {
  return readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`) === queue;
    } catch {
      return false; // that of the folder itself
    }
  }).length;
}

// Runs worker threads that send to the queue, one after the other.
async function inMain(): Promise<void> {
  for (let i = 0; i < 3; i++) {
    await once(new Worker(__filename, { argv: [queue] }), 'exit');
  }
  console.log(`left: ${descriptors()}`);
}

async function inWorker(): Promise<void> {
  sendToQueue();
  Statsd.increment('hits');
  await Statsd.flush();
  console.log(`open: ${descriptors()}`);
  Statsd.increment('hits');
}

void (isMainThread ? inMain() : inWorker());
