import { Totals, until } from '@afstatsd/testing';
import { expect } from 'chai';
import * as fc from 'fast-check';
import {
  type Batch,
  type Channel,
  type Offer,
  StatsdClient,
  type Transport,
  type TransportStats,
} from '../../src/index.js';
import { afFormat } from '../../src/wire/af.js';
import { pack } from '../../src/wire/pack.js';

type Answer = 'ok' | 'full' | 'unavailable' | 'closed' | 'throws';

/** A receiver that answers as the test says, which no real one can be made to do; after that it takes everything. */
class ScriptedTransport implements Transport, Channel {
  readonly totals: Totals;
  readonly #answers: Answer[];
  readonly #limit: number;

  constructor(totals: Totals, answers: readonly Answer[], limit: number) {
    this.totals = totals;
    this.#answers = [...answers];
    this.#limit = limit;
  }

  open(): Channel | undefined {
    if (this.#answers[0] !== 'closed') return this;
    this.#answers.shift();
    return undefined;
  }

  offer(batch: Batch, from: number): Offer {
    const answer = this.#answers.shift() ?? 'ok';
    if (answer === 'throws') throw new Error('a transport of somebody else');
    if (answer === 'full' || answer === 'unavailable') return { taken: 0, values: 0, state: answer };
    const { text, taken, values } = pack(afFormat(), batch, from, this.#limit);
    if (text === '') return { taken: 0, values: 0, state: 'oversize' };
    this.totals.add(text);
    return { taken, values, state: 'ok' };
  }

  close(): void {}

  stats(): TransportStats {
    return { state: 'open', detail: 'scripted', messages: 0, bytes: 0, full: 0 };
  }
}

const answers = fc.array(fc.constantFrom<Answer>('ok', 'ok', 'full', 'unavailable', 'closed', 'throws'), {
  maxLength: 8,
});
const limit = fc.integer({ min: 24, max: 200 });
const name = fc.constantFrom('a', 'b', 'a.rather.long.name', 'größe', 'c::d', '__proto__');

/** A client, what has arrived from it, and what was recorded by the test's own count. */
class World {
  readonly arrived = new Totals();
  readonly sums = new Map<string, number>();
  readonly flushes: Promise<unknown>[] = [];
  readonly statsd: StatsdClient;
  calls = 0;
  timings = 0;

  constructor(first: readonly Answer[], limit: number) {
    const transport = new ScriptedTransport(this.arrived, first, limit);
    this.statsd = new StatsdClient({
      service: false,
      transport,
      interval: 1000,
      handleSignals: false,
      logger: { warn() {} },
    });
  }

  checkBalance(): void {
    const { recorded, sent, pending, dropped } = this.statsd.stats();
    expect(recorded, 'recorded').to.equal(this.calls);
    const accounted = sent + pending + dropped.cardinality + dropped.oversize + dropped.ended;
    expect(accounted, 'accounted for').to.equal(this.calls);
  }
}

type Step = (world: World) => void | Promise<void>;

const count: fc.Arbitrary<Step> = fc
  .tuple(name, fc.integer({ min: -50, max: 50 }))
  .map(([name, delta]) => (world) => {
    world.statsd.updateStats(name, delta);
    const clean = name.replace('::', '.');
    world.sums.set(clean, (world.sums.get(clean) ?? 0) + delta);
    world.calls++;
  });
const timings: fc.Arbitrary<Step> = fc
  .tuple(name, fc.integer({ min: 1, max: 40 }))
  .map(([name, number]) => (world) => {
    for (let ms = 0; ms < number; ms++) world.statsd.timing(name, ms);
    world.calls += number;
    world.timings += number;
  });
const gauge: fc.Arbitrary<Step> = fc.tuple(name, fc.integer()).map(([name, value]) => (world) => {
  world.statsd.gauge(name, value);
  world.calls++;
});
const member: fc.Arbitrary<Step> = fc.tuple(name, fc.nat(30)).map(([name, member]) => (world) => {
  world.statsd.set(name, member);
  world.calls++;
});
const badCalls: fc.Arbitrary<Step> = fc.constant(({ statsd }) => {
  statsd.updateStats('a', NaN);
  statsd.timing('', 1);
  statsd.increment('a', 7);
});
const flush: fc.Arbitrary<Step> = fc.constantFrom(0, 5).map((timeout) => (world) => {
  world.flushes.push(world.statsd.flush({ timeout }));
});
const turn: fc.Arbitrary<Step> = fc.constant(() => new Promise((resolve) => setImmediate(resolve)));
const aggregation: fc.Arbitrary<Step> = fc.boolean().map(
  (on) =>
    ({ statsd }) =>
      statsd.setAggregation(on),
);
const options: fc.Arbitrary<Step> = fc
  .constantFrom(
    { interval: 0 },
    { interval: 1 },
    { interval: 1000 },
    { maxSamples: 3 },
    { maxSamples: 8 },
    { prefix: '' },
  )
  .map(
    (options) =>
      ({ statsd }) =>
        statsd.configure(options),
  );
const transport: fc.Arbitrary<Step> = fc.tuple(answers, limit).map(
  ([answers, limit]) =>
    ({ statsd, arrived }) =>
      statsd.setTransport(new ScriptedTransport(arrived, answers, limit)),
);

const step = fc.oneof(
  { weight: 6, arbitrary: count },
  { weight: 3, arbitrary: timings },
  { weight: 2, arbitrary: gauge },
  { weight: 2, arbitrary: member },
  { weight: 1, arbitrary: badCalls },
  { weight: 2, arbitrary: flush },
  { weight: 2, arbitrary: turn },
  { weight: 1, arbitrary: aggregation },
  { weight: 1, arbitrary: options },
  { weight: 1, arbitrary: transport },
);

describe('the ledger', () => {
  it('is exact, and counters are conserved, in every interleaving of calls, flushes, refusals, changes of options and shutdown', async () => {
    const world = fc.tuple(answers, limit).map(([answers, limit]) => new World(answers, limit));
    await fc.assert(
      fc.asyncProperty(
        world,
        fc.array(step, { maxLength: 60 }),
        fc.boolean(),
        async (world, steps, shutDown) => {
          const { statsd } = world;
          for (const step of steps) {
            await step(world);
            world.checkBalance();
          }
          await Promise.all(world.flushes);
          world.checkBalance();
          if (shutDown) await statsd.shutdown({ timeout: 5 });
          else
            await until(
              'all has left',
              () => (void statsd.flush({ timeout: 5 }), statsd.stats().pending === 0),
            );
          world.checkBalance();

          const { recorded, rejected, dropped, pending } = statsd.stats();
          expect(pending).to.equal(0);
          if (dropped.ended + dropped.oversize === 0) {
            for (const [name, sum] of world.sums)
              expect(world.arrived.counters.get(name) ?? 0, name).to.equal(sum);
            const counts = [...world.arrived.timers.values()].reduce((sum, { count }) => sum + count, 0);
            expect(Math.round(counts)).to.equal(world.timings);
          }
          await statsd.shutdown();
          statsd.increment('a');
          expect(statsd.stats()).to.include({ recorded, rejected: rejected + 1 });
        },
      ),
      { numRuns: 400 },
    );
  });
});
