import { once } from 'node:events';
import { createServer } from 'node:http';
import { MemoryTransport, type Stats, Statsd, StatsdClient } from '../../src/index.js';
import { until, useClients, useCleanup, useQueues } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { FakeTime } from '../support/fake-time.js';
import { useSurroundedClients } from '../support/surrounded-clients.js';

/** `name value` of everything that was sent. */
const sums = (memory: MemoryTransport): string[] =>
  memory.metrics.map((metric) => `${metric.name} ${'value' in metric ? metric.value : metric.type}`);

function expectToAddUp({ recorded, sent, pending, dropped }: Stats): void {
  expect(recorded).to.equal(sent + pending + dropped.cardinality + dropped.ended + dropped.oversize);
}

describe('configure after shutdown', () => {
  const makeClient = useClients();
  const makeSurrounded = useSurroundedClients();
  const queues = useQueues();

  it('brings the client back, with the ledger going on', async () => {
    const { statsd, sent, memory, log } = makeClient();
    const bound = statsd.createCounter('bound');
    const child = statsd.child({ prefix: 'shop' });
    statsd.increment('hits');
    await statsd.shutdown();
    statsd.increment('hits');
    bound.increment();
    expect(statsd.stats()).to.include({ recorded: 1, sent: 1, rejected: 2 });
    expect(log.warnings).to.deep.equal([
      'afstatsd: counter hits was recorded after shutdown (configure brings the client back); the call is refused (said once)',
    ]);
    statsd.configure({ prefix: 'app' });
    statsd.increment('hits');
    bound.increment();
    child.timing('checkout', 5);
    statsd.set('users', 'ann', { tags: { plan: 'free' } });
    await sent();
    expect(sums(memory)).to.have.members([
      'app.hits 1',
      'app.bound 1',
      'app.shop.checkout timer',
      'app.users set',
    ]);
    expect(statsd.stats()).to.include({ recorded: 5, sent: 5, rejected: 2 });
    expectToAddUp(statsd.stats());
  });

  it('sends where it says from then on, and by the interval', async () => {
    const time = new FakeTime();
    const { statsd, memory } = makeSurrounded({ interval: 5_000 }, time.surroundings);
    statsd.increment('hits');
    await statsd.shutdown();
    await time.pass(100_000);
    const other = new MemoryTransport();
    statsd.setTransport(other);
    expect(time.timers).to.equal(0); // it begins with its first sample, as a new one does
    statsd.increment('hits');
    await time.pass(1_100);
    statsd.increment('hits');
    await time.pass(5_000);
    expect([sums(memory), sums(other)]).to.deep.equal([['hits 1'], ['hits 1', 'hits 1']]);
  });

  it('goes on through the same queue', async () => {
    const queue = queues.make();
    const { statsd } = makeClient({ transport: `mq://${queue.name}?fallback=false` });
    for (let app = 0; app < 3; app++) {
      statsd.configure({});
      statsd.increment('hits');
      expect(await statsd.shutdown()).to.deep.equal({ sent: 1, pending: 0 });
    }
    expect(queue.readAll().map(({ text }) => text)).to.deep.equal(['hits:1|c', 'hits:1|c', 'hits:1|c']);
  });

  it('puts the listeners of the end back with the first sample', async () => {
    const listeners = (): number[] =>
      ['exit', 'SIGTERM', 'newListener'].map((event) => process.listenerCount(event));
    const { statsd } = makeClient({ handleSignals: true });
    const before = listeners();
    const counts: number[][] = [];
    for (let app = 0; app < 3; app++) {
      statsd.configure({ handleSignals: true });
      statsd.increment('hits');
      counts.push(listeners());
      await statsd.shutdown();
      expect(listeners()).to.deep.equal(before);
    }
    for (const count of counts) expect(count).to.deep.equal(counts[0]);
    expect(counts[0]).to.not.deep.equal(before);
  });

  it('leaves gauge callbacks in place, also if nothing else is recorded', async () => {
    const { statsd, memory } = makeClient({ interval: 5 });
    statsd.gauge('size', () => 7);
    await statsd.shutdown();
    memory.clear();
    statsd.configure({});
    await until('the gauge is sent', () => sums(memory).includes('size 7'));
  });

  it('has callbacks of the same line take the place of those of the app before', async () => {
    const { statsd, memory } = makeClient();
    const makePool = (size: number): (() => void) => statsd.gauge('pool', () => size);
    for (const sizes of [
      [1, 2],
      [10, 20],
      [100, 200],
    ]) {
      statsd.configure({});
      for (const size of sizes) makePool(size);
      await statsd.shutdown();
    }
    expect(sums(memory)).to.deep.equal(['pool 3', 'pool 30', 'pool 300']);
  });

  it('calls off a shutdown that is under way, with nothing lost', async () => {
    const queue = queues.make({ depth: 1 });
    queue.fill();
    const { statsd, memory } = makeClient({ transport: `mq://${queue.name}?fallback=false` });
    statsd.increment('hits');
    const shutdown = statsd.shutdown({ timeout: 60_000 });
    statsd.configure({ transport: memory });
    statsd.increment('hits');
    expect((await shutdown).sent).to.be.within(1, 2);
    statsd.increment('hits');
    await statsd.flush();
    expect(
      memory.find('hits').reduce((sum, metric) => sum + (metric as { value: number }).value, 0),
    ).to.equal(3);
    expect(statsd.stats()).to.deep.include({ recorded: 3, sent: 3, rejected: 0 });
    expect(await statsd.shutdown()).to.deep.equal({ sent: 0, pending: 0 });
    statsd.increment('hits');
    expect(statsd.stats()).to.include({ rejected: 1 });
  });

  it('says each time what is wrong with its options, and stays shut down then', async () => {
    const { statsd } = makeClient();
    await statsd.shutdown();
    expect(() => statsd.configure({ interval: -1 })).to.throw(TypeError, 'option interval');
    statsd.increment('hits');
    expect(statsd.stats()).to.include({ rejected: 1, recorded: 0 });
  });

  it('rounds fractions at each shutdown, and not between', async () => {
    const { statsd, memory } = makeClient();
    statsd.updateStats('cents', 0.4);
    await statsd.shutdown();
    expect(statsd.stats().roundedOff).to.equal(0.4);
    statsd.configure({});
    for (let i = 0; i < 2; i++) {
      statsd.updateStats('cents', 0.6);
      await statsd.flush();
    }
    await statsd.shutdown();
    expect(sums(memory)).to.deep.equal(['cents 0', 'cents 1', 'cents 0']);
    expect(statsd.stats().roundedOff).to.be.closeTo(0.6, 1e-9); // 0.4 of the first app, 0.2 of the second
  });
});

/** As tests of an app have it: each makes the app, asks it, and ends it. Nothing says that the process goes on. */
describe('two test apps in one process', () => {
  const later = useCleanup();
  later(() => Statsd.configure({ transport: 'memory:' }));
  for (const run of [1, 2, 3]) {
    it(`record everything, app ${run}`, async () => {
      const memory = new MemoryTransport();
      Statsd.configure({ transport: memory, interval: Infinity, service: false });
      const server = createServer((_request, response) => {
        Statsd.increment('requests');
        response.end();
      });
      Statsd.gauge('listening', () => Number(server.listening));
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as { port: number };
      await (await fetch(`http://127.0.0.1:${port}/`)).text();
      await Statsd.flush();
      expect(sums(memory)).to.have.members(['requests 1', 'listening 1']);
      server.closeAllConnections();
      server.close();
      await Statsd.shutdown();
    });
  }

  it('a client that isn’t configured again says what to do', async () => {
    const lines: string[] = [];
    const statsd = new StatsdClient({
      transport: 'memory:',
      logger: { warn: (line) => void lines.push(line) },
    });
    await statsd.shutdown();
    statsd.increment('hits');
    expect(lines.join()).to.include('configure brings the client back');
  });
});
