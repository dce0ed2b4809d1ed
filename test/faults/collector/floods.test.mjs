// Hostile input at the highest rate that a process has: the collector's memory stays flat, it answers, and the numbers of an ordinary
// client are exact.
import { setTimeout as delay } from 'node:timers/promises';
import { LONG, until } from '@afstatsd/testing';
import { expect } from 'chai';
import { FLOODS } from './floods.cjs';
import { page, stopped, useCollectorStage } from './stage.mjs';

/** Of each kind, in ms. */
const FLOOD_MS = LONG ? 20_000 : 400;
/** So few that a page is small, and that a flood is past them at once. */
const MAX_METRICS = 2_000;
/** Of the collector's process, in bytes. */
const MOST_RSS = 350_000_000;
const LOOK_MS = 100;
/** The long form asks each of them in a collector of its own, the short one all in one. */
const SERIES = LONG ? Object.keys(FLOODS).map((kind) => [kind]) : [Object.keys(FLOODS)];

describe('faults: hostile input', () => {
  const at = useCollectorStage({ longestMs: 600_000 });

  for (const kinds of SERIES) {
    it(`of ${kinds.join(', ')} costs no memory, no answer and no number of others`, async () => {
      const place = await at.place();
      const client = at.client(place, 2);
      const collector = await at.collector(place, { args: ['--max-metrics', String(MAX_METRICS)] }).ready();
      // Names past the limit are dropped: the client's own are to be there before.
      await until('the client is known', () => collector.shown > 0);
      let rss = 0;
      for (const kind of kinds) {
        const flood = at.flood(place, kind);
        await flood.matched(/sent [1-9]/);
        for (const end = performance.now() + FLOOD_MS; performance.now() < end; await delay(LOOK_MS)) {
          const health = await page(place, '/healthz');
          expect(health.status, kind).to.equal(200);
          rss = Math.max(rss, collector.rss);
        }
        expect((await page(place, '/metrics')).status, kind).to.equal(200);
        await flood.remove();
        expect(rss, `rss with ${kind}`).to.be.below(MOST_RSS);
      }
      console.log(`      ${kinds.length} kinds: at most ${Math.round(rss / 1e6)} MB`);
      const calls = await stopped(client);
      await until('all has come in', () => Math.round(collector.shown) >= calls);
      expect(await collector.kill('SIGTERM')).to.equal(0);
      expect(Math.round(collector.shown)).to.equal(calls);
    });
  }
});
