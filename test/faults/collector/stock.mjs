import { setTimeout as delay } from 'node:timers/promises';
import { openQueue } from '@afstatsd/mqueue';
import { Totals } from '@afstatsd/testing';
import { counted } from './tally.mjs';

const READ_MS = 2;
/** What the collector knows StatsD messages by. */
const PRIORITY = 3;

/**
 * While no collector reads: has clients pause, and reads their messages in the collector's place.
 *
 * @param {readonly import('@afstatsd/testing').Program[]} clients - they pause, and go on when they are told to.
 * @returns {Promise<{ sent: number, waiting: number }>} `sent`: samples that these have sent since they began, all that they have
 *   recorded. `waiting`: samples in messages that were read here, and that no collector will see.
 */
export async function takeStock({ queue }, clients) {
  const reader = openQueue(queue, { access: 'read' });
  try {
    const into = Buffer.alloc(reader.attributes().messageBytes);
    const totals = new Totals();
    let paused = false;
    const all = Promise.all(
      clients.map((client) => {
        const message = client.message();
        client.child.send('pause');
        return message;
      }),
    ).finally(() => (paused = true));
    for (;;) {
      const isLast = paused;
      for (let got; (got = reader.receive(into)) !== undefined;) {
        if (got.priority === PRIORITY) totals.add(into.toString('utf8', 0, got.bytes));
      }
      if (isLast) break;
      await delay(READ_MS);
    }
    const sent = (await all).reduce((sum, one) => sum + one, 0);
    return { sent, waiting: counted(totals) };
  } finally {
    reader.close();
  }
}
