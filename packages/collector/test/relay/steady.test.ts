import { setTimeout as delay } from 'node:timers/promises';
import { ETSY, freePort, until, useServer } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { MAIN } from '../support/collector-program.js';
import { useStage } from '../support/stage.js';

/** etsy's default. */
const FLUSH_MS = 10_000;
const PER_FLUSH = 1_000;
const LOOK_MS = 500;

describe("100 calls a second, with the default intervals of all, at etsy's statsd", function () {
  this.timeout(120_000);
  this.retries(2); // a machine that stops a process for a second has other flushes
  const at = useStage();
  const startEtsy = useServer(ETSY);

  it('are 90 to 110 % of a thousand in each of its flushes: straight, and by the collector from UDP and from the queue', async () => {
    const servers = await Promise.all([1, 2, 3].map(() => startEtsy({ flushInterval: FLUSH_MS })));
    const ports = servers.map(({ port }) => port);
    const [udp, queue] = [await freePort(), at.queueName()];
    for (const [port, ...inputs] of [
      [ports[1], '--queue', 'off', '--udp', `127.0.0.1:${udp}`],
      [ports[2], '--queue', queue, '--udp', 'off'],
    ]) {
      await at.bare([MAIN, ...(inputs as string[]), '--forward', `udp://127.0.0.1:${port}`]).ready();
    }
    for (const url of [
      `udp://127.0.0.1:${ports[0]}`,
      `udp://127.0.0.1:${udp}`,
      `mq://${queue}?fallback=false`,
    ]) {
      at.program('steady', [], { AFSTATSD_URL: url });
    }

    let counts: number[][] = [];
    const each = async (): Promise<boolean> => {
      await delay(LOOK_MS); // each look is work for the servers
      const flushes = await Promise.all(servers.map((server) => server.flushes()));
      counts = flushes.map((all) => all.map(steady)).map((all) => all.slice(firstOf(all)));
      return counts.every(({ length }) => length >= 5);
    };
    await until('each server has flushed five times', each, 100_000);
    for (const [i, what] of ['straight', 'from UDP', 'from the queue'].entries()) {
      // The first one has the beginning in it, and in the second the intervals find their pace.
      for (const count of counts[i]!.slice(2)) {
        expect(count, `${what}: ${counts[i]!.join(' ')}`).to.be.within(0.9 * PER_FLUSH, 1.1 * PER_FLUSH);
      }
    }
  });
});

/** What a flush has counted. */
function steady(counters: Record<string, number>): number {
  const ours = Object.entries(counters).filter(([name]) => name.startsWith('steady'));
  return ours.reduce((sum, [, count]) => sum + count, 0);
}

/** The index of the first flush that has any. */
function firstOf(counts: readonly number[]): number {
  const first = counts.findIndex((count) => count > 0);
  return first < 0 ? counts.length : first;
}
