// The other program: reads the queue until it is told to stop, and says then what has arrived in all. Its parent's end,
// however it comes, is its own, too.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { openQueue } from '@afstatsd/mqueue';
import { Arrivals } from './arrivals.js';
import { LiveView } from './live-view.js';
import { removeQueue } from './remove-queue.js';

/** Blocks the event loop, which then has other work to look for, in ms. */
const LONGEST_WAIT = 50;

async function main(name: string): Promise<void> {
  const queue = openQueue(name, { access: 'read' });
  const into = Buffer.alloc(queue.attributes().messageBytes);
  const arrivals = new Arrivals();
  const view = new LiveView(arrivals);
  let stop = false;
  process.once('message', () => (stop = true));
  process.once('disconnect', () => {
    removeQueue(name);
    process.exit(1);
  });
  // Ctrl-C reaches both programs; which of them ends first is the parent's business.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});
  process.send?.('ready');

  // The parent says stop after its last message: when the queue is empty then, everything has been read.
  for (let last = false; ; last = stop) {
    if (!last) queue.wait(LONGEST_WAIT);
    for (let got = queue.receive(into); got !== undefined; got = queue.receive(into)) {
      arrivals.add(into.subarray(0, got.bytes));
    }
    if (last) break;
    await nextTurn();
  }
  view.close();
  queue.close();
  process.send?.(arrivals.total(), () => {
    process.removeAllListeners('disconnect');
    process.disconnect();
  });
}

void main(process.argv[2]!);
