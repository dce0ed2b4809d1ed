import { expect } from 'chai';
import { describe, it } from 'mocha';
import { FakeTime } from '../support/fake-time.js';
import { useSurroundedClients } from '../support/surrounded-clients.js';

const ROUND_MS = 20_000;
/** Metrics are let go after ten idle rounds, and one more sees that none is left. */
const LONG_MS = 14 * ROUND_MS;

describe('the sweep of idle metrics', () => {
  const makeClient = useSurroundedClients();
  const scene = (options = {}): { time: FakeTime; statsd: ReturnType<typeof makeClient>['statsd'] } => {
    const time = new FakeTime();
    const { statsd } = makeClient({ interval: 1_000, ...options }, time.surroundings);
    return { time, statsd };
  };

  it('has no timer any more when there is nothing to sweep', async () => {
    const { time, statsd } = scene();
    statsd.increment('hits');
    await time.pass(100_000);
    expect(time.timers).to.equal(1);
    await time.pass(LONG_MS);
    expect(statsd.stats().metrics).to.equal(0);
    expect(time.timers).to.equal(0);
  });

  it('has no timer where only metrics are left that app code holds, and lets go of what comes later', async () => {
    const { time, statsd } = scene();
    const bound = statsd.createCounter('bound');
    bound.increment();
    statsd.updateStats('remainder', 0.25);
    await time.pass(LONG_MS);
    expect(statsd.stats().metrics).to.equal(2);
    expect(time.timers).to.equal(0);
    statsd.increment('hits');
    bound.increment();
    await time.pass(LONG_MS);
    expect(statsd.stats().metrics).to.equal(2);
    expect(time.timers).to.equal(0);
  });

  it('goes on while a metric waits for a receiver', async () => {
    const { time, statsd } = scene({ transport: 'mq:///afstatsd-test-nobody-makes-this?fallback=false' });
    statsd.increment('hits');
    await time.pass(2 * LONG_MS);
    expect(time.timers).to.equal(2);
    expect(statsd.stats()).to.include({ metrics: 1, pending: 1 });
  });

  it('is on the same grid after a pause', async () => {
    const { time, statsd } = scene();
    await time.pass(1_234); // where the grid begins
    statsd.increment('hits');
    await time.pass(LONG_MS + 7_777);
    expect(time.timers).to.equal(0);
    statsd.increment('hits');
    // Touched in a round, the metric goes with the tenth round after: the first of them ends on the grid, 20 s or less from now.
    const since = (time.now - 1_234) % ROUND_MS;
    expect(since).to.be.above(0);
    await time.pass(10 * ROUND_MS - since - 1);
    expect(statsd.stats().metrics).to.equal(1);
    await time.pass(2);
    expect(statsd.stats().metrics).to.equal(0);
  });

  it('takes a timer that comes early for one that is on time', async () => {
    const { time, statsd } = scene();
    statsd.increment('hits');
    time.late = -0.5;
    for (let round = 1; round <= 9; round++) {
      await time.pass(ROUND_MS);
      expect(statsd.stats().metrics, `round ${round}`).to.equal(1);
    }
  });
});
