import { once } from 'node:events';
import type { Stats } from '@afstatsd/core';
import {
  COLLECTD,
  ETSY,
  NETDATA,
  type Reading,
  type StatsdServer,
  describeServer,
  eventually,
  itLong,
  useServer,
} from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { HITS, ROUNDS, USERS, WAITS } from '../programs/rounds.js';
import { useStage } from '../support/stage.js';

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
const LAST = ROUNDS.at(-1)!;
const EXPECTED = {
  counters: {
    'relay.hits': HITS * ROUNDS.length,
    'relay.balance': total(ROUNDS.map(({ change }) => change)),
    'relay.downs': -ROUNDS.length,
  },
  gauges: { 'relay.level': LAST.level, 'relay.depth': LAST.depth },
  sets: { 'relay.users': new Set(USERS).size },
};
const WAIT = {
  count: WAITS.length * ROUNDS.length,
  sum: total(WAITS) * ROUNDS.length,
  min: Math.min(...WAITS),
  max: Math.max(...WAITS),
};

/** Those of the app: the collector sends its own, and servers count themselves. */
const relayed = (values: ReadonlyMap<string, number>): Record<string, number> =>
  Object.fromEntries([...values].filter(([name]) => name.startsWith('relay.')));

function expectAll({ counters, gauges, sets }: Reading): void {
  expect(relayed(counters)).to.deep.equal(EXPECTED.counters);
  expect(relayed(gauges)).to.deep.equal(EXPECTED.gauges);
  expect(relayed(sets)).to.deep.equal(EXPECTED.sets);
}

describe('from an app through the queue and the collector by --forward', () => {
  const at = useStage();

  /** The app flushes each round when the server has read the one before. At the end the collector is asked to end. */
  async function relay(server: StatsdServer, options = ''): Promise<void> {
    const queue = at.queueName();
    const url = `udp://127.0.0.1:${server.port}${options}`;
    const collector = at.collector(['--queue', queue, '--forward', url, '--forward-interval', '50ms']);
    await collector.ready();
    const app = at.program('rounds', [queue]);
    for (const round of ROUNDS.keys()) {
      const flushed = once(app.child, 'message') as Promise<[Stats]>;
      app.child.send(round);
      const [stats] = await flushed;
      expect(stats).to.include({ pending: 0, rejected: 0, sent: stats.recorded });
      await eventually(async () => {
        const { counters } = await server.read();
        expect(counters.get('relay.hits'), collector.stderr).to.equal(HITS * (round + 1));
      });
    }
    app.child.send('end');
    expect(await app.exit(), app.stderr).to.equal(0);
    expect(await collector.kill('SIGTERM'), collector.stderr).to.equal(0);
  }

  const startEtsy = useServer(ETSY);

  it("etsy's statsd has every count, timing, gauge and set, exactly", async () => {
    const server = await startEtsy();
    await relay(server, '?format=etsy');
    await eventually(async () => {
      expectAll(await server.read());
      expect((await server.read()).timers.get('relay.wait')?.count).to.equal(WAIT.count);
    });
    expect((await server.read()).counters.get('statsd.bad_lines_seen')).to.equal(0);
    const { count, sum, lower, upper } = (await server.summarize())['relay.wait']!;
    expect({ count, sum, min: lower, max: upper }).to.deep.equal(WAIT);
  });

  describeServer(COLLECTD, 'collectd', (start) => {
    it('has every count, gauge and set exactly, and timings but for the fractions of a ms that it cuts off', async () => {
      const server = await start();
      await relay(server, '?timerRate=false');
      await eventually(async () => {
        const reading = await server.read();
        expectAll(reading);
        const { count, sum, min, max } = reading.timers.get('relay.wait')!;
        expect(count).to.equal(WAIT.count);
        expect(sum).to.be.within(WAIT.sum - WAIT.count, WAIT.sum);
        expect(min).to.be.within(WAIT.min - 1, WAIT.min);
        expect(max).to.be.within(WAIT.max - 1, WAIT.max);
      });
    });
  });

  describeServer(NETDATA, 'netdata', (start) => {
    itLong('has every count, gauge and set exactly, and as many timings', async () => {
      const server = await start();
      await relay(server);
      await eventually(async () => {
        expectAll(await server.read());
        const lines = await server.lines();
        expect(lines.get('timers')).to.equal(WAIT.count);
        expect([lines.get('errors'), lines.get('unknown')]).to.deep.equal([0, 0]);
      });
    });
  });
});
