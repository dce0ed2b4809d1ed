import { Statsd } from '../../src/index.js';
import { recordAll, said, sendToQueue } from './to-queue.js';

// Awaits flush or shutdown at top level, where nothing but the promise keeps the process.
const { method, timeout } = said as { method: 'flush' | 'shutdown'; timeout?: number };

sendToQueue({ exitTimeout: 0 });
recordAll();
const began = performance.now();
const result = await Statsd[method](timeout === undefined ? {} : { timeout });
console.log(JSON.stringify({ result, waited: performance.now() - began }));
