import { eventually, type Reading, type StatsdServer } from '@afstatsd/testing';
import type { StatsdClient } from '../../src/index.js';

let marks = 0;

/**
 * Flushes, and waits until the server has read a counter that was sent after it. Since UDP on one machine keeps the order,
 * what isn't there by then is lost.
 */
export async function flushTo(server: StatsdServer, statsd: StatsdClient): Promise<Reading> {
  await statsd.flush({ timeout: 60_000 });
  await mark(server, statsd);
  // Once more, since servers hand over an interval piece by piece.
  return mark(server, statsd);
}

async function mark(server: StatsdServer, statsd: StatsdClient): Promise<Reading> {
  const name = `mark.${++marks}`;
  statsd.increment(name);
  await statsd.flush();
  return eventually(async () => {
    const reading = await server.read();
    if (![...reading.counters.keys()].some((counter) => counter.endsWith(name))) {
      throw new Error(`${name} has not arrived; ${JSON.stringify(statsd.stats())}`);
    }
    return reading;
  });
}
