// A worker thread. Statsd is its own here, with the environment's configuration, and sends each second.
import { parentPort } from 'node:worker_threads';
import { Statsd } from '@afstatsd/core';
import { type Range, countPrimes } from './primes.js';

const count = Statsd.time('primes.range', countPrimes);

parentPort?.on('message', (message: Range | 'end') => {
  // Nothing else keeps this thread alive: it returns, and its last flush happens on the way out.
  if (message === 'end') return parentPort?.close();

  const primes = count(message);
  Statsd.updateStats('primes.found', primes);
  return parentPort?.postMessage(primes);
});
