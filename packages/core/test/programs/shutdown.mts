import { Statsd } from '../../src/index.js';
import { recordAll, sendToQueue } from './to-queue.js';

const listeners = (): Record<string, number> =>
  Object.fromEntries(
    ['exit', 'SIGTERM', 'SIGINT', 'SIGHUP'].map((event) => [event, process.listenerCount(event)]),
  );

// Shuts down, goes on recording, shuts down again, says what that did, and comes back from `exit` on, which has no effect.
const before = listeners();
sendToQueue();
recordAll();
const meanwhile = listeners();
const first = Statsd.shutdown();
const second = Statsd.shutdown({ timeout: 1 });
const result = await first;
const after = listeners();
recordAll();
const again = await Statsd.shutdown();
const flushed = await Statsd.flush();
console.log(
  JSON.stringify({
    same: first === second,
    results: [result, again, flushed],
    listeners: { before, meanwhile, after, atTheEnd: listeners() },
    stats: Statsd.stats(),
  }),
);
process.on('exit', () => {
  Statsd.configure({ interval: 1 });
  recordAll();
});
