import { type Recorded, useClients } from '@afstatsd/testing';
import { expect } from 'chai';
import { MemoryTransport, type StatsdClient } from '../../src/index.js';

describe('a metric that explodes', () => {
  const makeClient = useClients();

  function make(maxMetrics: number): Recorded {
    return makeClient({ transport: new MemoryTransport(), maxMetrics });
  }

  function ofGrowth({ log }: Recorded): string[] {
    return log.warnings.filter((line) => line.includes('combinations of tags'));
  }

  function recordOrder(statsd: StatsdClient, user: number): void {
    statsd.increment('orders', { tags: { method: user % 2 === 0 ? 'card' : 'cash', user: `user-${user}` } });
  }

  it('is said once, with its tag, three of its values, and the line that made the newest', () => {
    const recorded = make(1000);
    for (let user = 0; user < 600; user++) recordOrder(recorded.statsd, user);
    const [line, ...more] = ofGrowth(recorded);
    expect(more).to.deep.equal([]);
    expect(line).to.contain('metric "orders" has 251 combinations of tags, 25 % of maxMetrics (1000)');
    expect(line).to.contain('its tag "user" has 251 values, the newest "user-248", "user-249", "user-250"');
    expect(line).to.match(/; the newest was made by .*growth\.test\.[jt]s:\d+:\d+/);
  });

  it('is each of several names; untagged metrics, and tags with few values, are none', () => {
    const recorded = make(400);
    for (let at = 0; at < 101; at++) {
      recorded.statsd.gauge('a', 1, { tags: { id: at } });
      recorded.statsd.timing('b', 1, { tags: { id: at } });
      recorded.statsd.increment('c', { tags: { method: at % 7, hour: at % 13 } });
    }
    const lines = ofGrowth(recorded);
    expect(lines).to.have.length(2);
    expect(lines[0]).to.contain('metric "a"');
    expect(lines[1]).to.contain('metric "b"');
  });

  it('is not one whose metrics have been let go since', () => {
    const recorded = make(400);
    for (let at = 0; at < 300; at++) {
      recorded.statsd.increment('a', { tags: { id: at } });
      if (at % 50 === 49) recorded.statsd.forget(() => true);
    }
    expect(ofGrowth(recorded)).to.deep.equal([]);
  });

  it('is told of where the limit is so low that the limit itself is near', () => {
    const recorded = make(50);
    for (let at = 0; at < 60; at++) recorded.statsd.increment('a', { tags: { id: at } });
    expect(ofGrowth(recorded)).to.deep.equal([]);
    expect(recorded.log.warnings.join()).to.contain('there are 50 metrics (maxMetrics)');
  });

  it('leaves Error as the app has it, and cuts long values', () => {
    const recorded = make(400);
    const { prepareStackTrace, stackTraceLimit } = Error;
    for (let at = 0; at < 101; at++) {
      recorded.statsd.increment('a', { tags: { url: `${'x'.repeat(100)}${at}` } });
    }
    expect(Error.prepareStackTrace).to.equal(prepareStackTrace);
    expect(Error.stackTraceLimit).to.equal(stackTraceLimit);
    const [line] = ofGrowth(recorded);
    expect(line!.length).to.be.lessThan(700);
  });

  it('has no place where no code of the app is on the stack', async () => {
    const recorded = make(400);
    const { statsd } = recorded;
    let at = 0;
    // A bound function has no frame of its own, so Node.js and core are all that is on the stack.
    const record = statsd.ingest.bind(statsd);
    for (; at < 101; at++) {
      const metric = { type: 'counter', name: 'a', tags: [['id', String(at)]], value: 1, rate: 1 } as const;
      process.nextTick(record, metric);
    }
    await new Promise(setImmediate);
    const [line] = ofGrowth(recorded);
    expect(line).to.match(/"98", "99", "100"$|"98", "99", "100" \(said once\)$/);
  });
});
