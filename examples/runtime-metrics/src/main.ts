// node examples/runtime-metrics/dist/src/main.js: blocks the event loop for a while, and tells what the runtime metrics say about
// it. They go to the collector, and to memory, from where this program reads them.
import { AFTransport, MemoryTransport, Statsd, teeTransports, transportFromUrl } from '@afstatsd/core';

const BLOCKED_MS = 200;

async function main(): Promise<void> {
  const memory = new MemoryTransport();
  const url = process.env['AFSTATSD_URL'];
  const collector = url === undefined ? new AFTransport() : transportFromUrl(url);
  Statsd.configure({ transport: teeTransports(collector, memory) });
  const stop = Statsd.collectRuntimeMetrics({ heapSpaces: false, process: 'example' });

  await tick(); // the event loop has begun
  const end = performance.now() + BLOCKED_MS;
  while (performance.now() < end);
  await tick();
  await Statsd.flush();

  const [longest] = memory.find('nodejs.eventloop.lag.max.seconds', { thread: 'main' });
  if (longest?.type !== 'gauge') throw new Error('the event loop was not watched');
  const noticed = longest.value * 1000 >= BLOCKED_MS;
  console.log(noticed ? `the event loop stood still for ${BLOCKED_MS} ms or more` : 'nothing was noticed');
  stop();
}

/** Waits until the watch of the event loop, which looks every 10 ms, has had its turn. */
function tick(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 50));
}

void main();
