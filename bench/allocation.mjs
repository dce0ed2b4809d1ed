// Bytes that one call allocates, ours and our peers'. It needs the options that run.mjs gives it.
import { setTimeout as delay } from 'node:timers/promises';
import { hotPathCases } from './support/hot-path-cases.mjs';
import { median } from './support/statistics.mjs';

const CHUNKS = 21;
const CALLS = 50_000; // a chunk: with these semi-spaces, no garbage collection falls into it

if (!globalThis.gc) throw new Error('start it with: node bench/run.mjs allocation');

function bytesOf(run) {
  globalThis.gc({ type: 'minor' });
  const before = process.memoryUsage().heapUsed;
  for (let i = 0; i < CALLS; i++) run();
  return process.memoryUsage().heapUsed - before;
}

async function bytesPerCall(run) {
  const overhead = [];
  const used = [];
  for (let i = 0; i < CHUNKS; i++) {
    overhead.push(bytesOf(() => {}));
    used.push(bytesOf(run));
    await delay(10); // for the datagrams that wait in the socket
  }
  return (median(used) - median(overhead)) / CALLS;
}

const { cases, close } = await hotPathCases();
console.log(`Node ${process.version}: bytes a call, median of ${CHUNKS} times ${CALLS} calls`);
for (const { label, run } of cases) {
  const bytes = await bytesPerCall(run);
  console.log(`${label.padEnd(56)}${bytes.toFixed(1).padStart(8)}`);
}
close();
