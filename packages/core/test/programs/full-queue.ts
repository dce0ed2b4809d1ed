import { Statsd, type StatsdOptions } from '../../src/index.js';
import { loadSignalExit } from './load-signal-exit.js';
import { said, sendToQueue, stay } from './to-queue.js';

// Records more than the queue holds, and says as it exits how long that took and what became of the samples.
const { metrics, late, until, signalExit, ...options } = said as StatsdOptions & {
  metrics: number;
  late?: boolean;
  until?: 'killed' | 'told';
  signalExit?: boolean;
};

function record(from: number, to: number): void {
  for (let i = from; i < to; i++) Statsd.increment(`a.counter.with.a.rather.long.name.${i}`);
}

if (signalExit) loadSignalExit([3, 4], () => {});
let began = 0;
process.on('beforeExit', () => (began = performance.now()));
sendToQueue(options);
record(0, 1);
if (late) process.on('exit', () => record(1, metrics));
else record(1, metrics);
process.on('exit', () => {
  console.log(JSON.stringify({ waited: performance.now() - began, stats: Statsd.stats() }));
});

if (until === 'told') {
  process.on('SIGTERM', () => {
    console.log('handled');
    process.once('message', () => process.exit(5));
  });
}
if (until !== undefined) {
  stay();
  console.log('ready');
}
