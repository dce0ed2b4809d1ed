// CPU time of one collection of runtime metrics, ours and prom-client's, in one process and in turns. Ours is read, encoded for
// the queue and sent to memory; prom-client's is read and written as its page.
import { MemoryTransport, StatsdClient } from '@afstatsd/core';
import { Registry, collectDefaultMetrics } from 'prom-client';
import { median } from './support/statistics.mjs';

const ROUNDS = 41;
const COLLECTIONS = 50; // a round
const US_PER_MS = 1000;

const memory = new MemoryTransport();
const statsd = new StatsdClient({ transport: memory, interval: Infinity, handleSignals: false });
statsd.collectRuntimeMetrics();
const slim = new StatsdClient({ transport: memory, interval: Infinity, handleSignals: false });
slim.collectRuntimeMetrics({ heapSpaces: false, resources: false });
const registry = new Registry();
collectDefaultMetrics({ register: registry });

const cases = {
  'afstatsd, all groups': () => statsd.flush(),
  'afstatsd, all groups, again': () => statsd.flush(),
  'afstatsd, without heapSpaces and resources': () => slim.flush(),
  'prom-client, its page': () => registry.metrics(),
  'prom-client, values only': () => registry.getMetricsAsJSON(),
};
const rounds = Object.fromEntries(Object.keys(cases).map((label) => [label, []]));

async function microseconds(collect) {
  const before = process.cpuUsage();
  for (let i = 0; i < COLLECTIONS; i++) await collect();
  const { user, system } = process.cpuUsage(before);
  memory.clear();
  return (user + system) / COLLECTIONS;
}

for (let round = -2; round < ROUNDS; round++) {
  for (const [label, collect] of Object.entries(cases)) {
    const us = await microseconds(collect);
    if (round >= 0) rounds[label].push(us); // the first two warm up
  }
}
console.log(`Node ${process.version}: µs of CPU a collection, lower quartile and median of ${ROUNDS} rounds`);
for (const [label, values] of Object.entries(rounds)) {
  const quartile = values.sort((a, b) => a - b)[Math.floor(values.length / 4)];
  console.log(
    `${label.padEnd(48)}${quartile.toFixed(0).padStart(8)}${median(values).toFixed(0).padStart(8)}`,
  );
}

// What goes on between collections: a timer every 10 ms, in both. CPU time of a process that does nothing else.
const WINDOW_MS = 5000;
const idle = process.cpuUsage();
await new Promise((resolve) => setTimeout(resolve, WINDOW_MS));
const { user, system } = process.cpuUsage(idle);
const share = (user + system) / US_PER_MS / WINDOW_MS;
console.log(
  `three watches of the event loop, idle for ${WINDOW_MS} ms: ${(share * 100).toFixed(2)} % of a core`,
);
process.exit();
