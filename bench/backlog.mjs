// Memory while nobody reads: 10,000 metrics of all kinds, recorded over ten intervals without a queue.
import { setTimeout as delay } from 'node:timers/promises';
import { AFTransport, StatsdClient } from '@afstatsd/core';

const INTERVALS = 10;
const INTERVAL = 300; // ms
const OF_EACH_KIND = 2500;
const SAMPLES = 400; // of each metric and interval: in the third one the timers pass their limit of 1024

if (!globalThis.gc) throw new Error('start it with: node bench/run.mjs backlog');

const statsd = new StatsdClient({
  transport: new AFTransport({ queue: `/afstatsd-bench-${process.pid}-nobody` }),
  interval: INTERVAL,
  handleSignals: false,
  exitTimeout: 0,
  logger: { warn() {} }, // that there is no queue is what is wanted here
});
const names = Array.from({ length: OF_EACH_KIND }, (_, i) => `service.metric.${i}`);
const members = Array.from({ length: 50 }, (_, i) => `user-${i}`);

function recordInterval() {
  for (let sample = 0; sample < SAMPLES; sample++) {
    for (const name of names) {
      statsd.increment(name);
      statsd.gauge(name, sample);
      statsd.timing(name, 1 + 99 * Math.random());
      statsd.set(name, members[sample % members.length]);
    }
  }
}

/** MB in use by the heap, and by the lists of timers, which lie outside of it. */
function memory() {
  globalThis.gc();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return { heap: heapUsed / 2 ** 20, lists: arrayBuffers / 2 ** 20 };
}

const row = (title, { heap, lists }, samples) =>
  console.log(
    title.padEnd(12) +
      [heap, lists, heap + lists].map((mb) => mb.toFixed(1).padStart(8)).join('') +
      samples.toLocaleString('en').padStart(14),
  );

console.log(`Node ${process.version}: MB after each interval with nobody to send to`);
console.log(
  `${'interval'.padEnd(12)}${'heap'.padStart(8)}${'lists'.padStart(8)}${'both'.padStart(8)}${'samples'.padStart(14)}`,
);
row('before', memory(), 0);
const sizes = [];
for (let interval = 1; interval <= INTERVALS; interval++) {
  recordInterval();
  await delay(INTERVAL + 50); // a flush finds no queue
  const size = memory();
  sizes.push(size.heap + size.lists);
  row(String(interval), size, statsd.stats().pending);
}

const flat = Math.max(...sizes.slice(3)) <= sizes[3] * 1.02;
const { recorded, pending } = statsd.stats();
console.log(`\n${flat ? 'met    ' : 'NOT MET'} flat (within 2 %) once timers have gone over to buckets`);
console.log(
  `${recorded === pending ? 'met    ' : 'NOT MET'} nothing lost: ${pending.toLocaleString('en')} of ${recorded.toLocaleString('en')} samples wait`,
);
await statsd.shutdown({ timeout: 0 });
