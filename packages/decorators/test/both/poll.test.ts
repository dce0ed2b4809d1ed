import { Gauge } from '@afstatsd/decorators';
import { type Recorded, useClients, usePrograms } from '@afstatsd/testing';
import { expect } from 'chai';
import { mode } from '../support/mode.js';
import { programFile } from '../support/program-file.js';

describe(`@Gauge with poll (${mode} decorators)`, () => {
  const makeClient = useClients();
  const programs = usePrograms();
  let recorded: Recorded;
  beforeEach(() => (recorded = makeClient()));

  /** Classes of each test's own, since a gauge that is polled goes on being read. */
  const makeQueue = () => {
    const { statsd } = recorded;
    class Queue {
      waiting: number;
      constructor(waiting: number) {
        this.waiting = waiting;
        // Standard decorators need no such call; it does no harm with them.
        Gauge.poll(this);
      }
      @Gauge('depth', { statsd, poll: true }) get depth(): number {
        return this.waiting;
      }
      @Gauge('deepest', { statsd, poll: true, combine: 'max' }) measure(): number {
        return this.waiting;
      }
      @Gauge('newest', { statsd, poll: true, combine: 'last', tags: { kind: 'fifo' } }) newest(): number {
        return this.waiting;
      }
    }
    return Queue;
  };

  it('reads each instance that is alive, and sums or combines them', async () => {
    const Queue = makeQueue();
    const [first, second] = [new Queue(3), new Queue(4)];
    expect(await recorded.counts()).to.deep.equal({
      'gauge depth': 7,
      'gauge deepest': 4,
      'gauge newest fifo': 4,
    });
    first.waiting = 10;
    expect(await recorded.counts()).to.deep.equal({
      'gauge depth': 14,
      'gauge deepest': 10,
      'gauge newest fifo': 4,
    });
    expect([first.depth, second.measure()]).to.deep.equal([10, 4]);
  });

  it('knows an instance from its construction (standard), or from the first use of the member (legacy)', async () => {
    const { statsd } = recorded;
    class Lazy {
      @Gauge('lazy', { statsd, poll: true }) get size(): number {
        return 2;
      }
    }
    const lazy = new Lazy();
    expect(await recorded.counts()).to.deep.equal(mode === 'standard' ? { 'gauge lazy': 2 } : {});
    expect(lazy.size).to.equal(2);
    expect(lazy.size).to.equal(2);
    expect(await recorded.counts()).to.deep.equal({ 'gauge lazy': 2 });
  });

  it('reads the class, of a static member', async () => {
    const { statsd } = recorded;
    class Pool {
      static size = 5;
      @Gauge('pool', { statsd, poll: true }) static get open(): number {
        return this.size;
      }
    }
    Pool.size++;
    expect(await recorded.counts()).to.deep.equal({ 'gauge pool': 6 });
  });

  it('leaves out what a subclass has put something of its own in the place of, decorated or not', async () => {
    const { statsd } = recorded;
    const Queue = makeQueue();
    class Plain extends Queue {
      override get depth(): number {
        return 100;
      }
    }
    class Decorated extends Queue {
      @Gauge('other', { statsd, poll: true }) override get depth(): number {
        return 50;
      }
    }
    const queues = [new Queue(1), new Plain(2), new Decorated(3)];
    expect(queues).to.have.length(3);
    expect(await recorded.counts()).to.deep.equal({
      'gauge depth': 1,
      'gauge other': 50,
      'gauge deepest': 3,
      'gauge newest fifo': 3,
    });
  });

  it('goes on without an instance that fails, and says so once', async () => {
    const { statsd } = recorded;
    class Queue {
      readonly result: () => unknown;
      constructor(result: () => unknown) {
        this.result = result;
        Gauge.poll(this);
      }
      @Gauge('depth', { statsd, poll: true }) depth(): unknown {
        return this.result();
      }
    }
    const fail = (): never => {
      throw new Error('closed');
    };
    const queues = [
      new Queue(() => 1),
      new Queue(fail),
      new Queue(() => Promise.reject(new Error('async'))),
      new Queue(() => 2),
    ];
    expect(queues).to.have.length(4);
    expect(await recorded.counts()).to.deep.equal({ 'gauge depth': 3 });
    expect(await recorded.counts()).to.deep.equal({ 'gauge depth': 3 });
    expect(recorded.log.warnings).to.deep.equal([
      'afstatsd: the polled member of @Gauge on depth threw "Error: closed" (said once)',
    ]);
  });

  it('of a class that never polls, is said once (legacy), and of no other', async () => {
    const args = ['--require', programFile('quick-timers'), programFile('unpolled')];
    const { code, stdout, stderr } = await programs.node(args).ended();
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    const line = (member: string): string =>
      `afstatsd: @Gauge on ${member} polls no instance yet: with legacy decorators, call Gauge.poll(this) in the constructor (said once)`;
    const expected = mode === 'legacy' ? [line('Forgotten.depth'), line('forgotten.size')] : [];
    expect(JSON.parse(stdout)).to.deep.equal(expected);
  });

  it('holds no instance alive, and ends when there is none', async () => {
    const { code, stdout, stderr } = await programs.node(['--expose-gc', programFile('poll')]).ended();
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).to.deep.equal({
      alive: { depth: 1000, deepest: 1, alive: 1000 },
      collected: 1000,
      after: { depth: 0, deepest: 1 },
      ended: {},
      again: { depth: 1, deepest: 1 },
    });
  });
});
