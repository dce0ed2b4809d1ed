import { Counted, Gauge, Timed } from '@afstatsd/decorators';
import { useRecorded } from '@afstatsd/testing';
import { expect } from 'chai';
import { FakeClock } from '../support/fake-clock.js';
import { mode } from '../support/mode.js';

describe(`a decorated generator (${mode} decorators)`, () => {
  const recorded = useRecorded();
  const { statsd } = recorded;
  const error = new Error('unreadable');
  let clock: FakeClock;
  beforeEach(async () => {
    await recorded.metrics();
    clock = new FakeClock();
  });
  afterEach(() => clock.restore());

  class Feed {
    readonly seen: unknown[] = [];

    @Timed('list', { statsd })
    @Counted('listed', { statsd, on: 'success' })
    @Gauge('last', { statsd })
    *list(): Generator<number, number, unknown> {
      try {
        clock.now += 10;
        this.seen.push(yield 1);
        clock.now += 10;
        this.seen.push(yield 2);
        return 3;
      } finally {
        this.seen.push('finally');
      }
    }
    @Timed('broken', { statsd }) *broken(): Generator<number> {
      yield 1;
      throw error;
    }
    @Timed('stream', { statsd })
    @Counted('streamed', { statsd, on: 'success' })
    async *stream(): AsyncGenerator<number, number, unknown> {
      try {
        clock.now += 10;
        this.seen.push(yield 1);
        clock.now += 10;
        return 2;
      } finally {
        this.seen.push('finally');
      }
    }
    @Timed('brokenStream', { statsd }) async *brokenStream(): AsyncGenerator<number> {
      yield 1;
      throw error;
    }
    @Timed('all', { statsd }) *all(): Generator<number, void, unknown> {
      yield* this.list();
    }
  }

  it('is timed from its first next to its end, and gives and takes what it would', async () => {
    const feed = new Feed();
    const list = feed.list();
    clock.now += 1_000;
    expect(list.next('ignored')).to.deep.equal({ value: 1, done: false });
    expect(list.next('a')).to.deep.equal({ value: 2, done: false });
    expect(await recorded.counts()).to.deep.equal({});
    clock.now += 5;
    expect(list.next('b')).to.deep.equal({ value: 3, done: true });
    expect(list.next()).to.deep.equal({ value: undefined, done: true });
    expect(feed.seen).to.deep.equal(['a', 'b', 'finally']);
    const metrics = await recorded.metrics();
    expect(metrics).to.deep.include.members([
      { type: 'timer', name: 'list', values: [25], rate: 1 },
      { type: 'counter', name: 'listed', value: 1, rate: 1 },
    ]);
    expect(metrics).to.have.length(3);
    expect(metrics.find(({ name }) => name === 'last')).to.include({ type: 'gauge', value: 3 });
  });

  it('works in loops and with yield*, each level timed', async () => {
    expect([...new Feed().all()]).to.deep.equal([1, 2]);
    expect(await recorded.counts()).to.include({ 'timer all': 1, 'timer list': 1 });
  });

  it('that is left early gets its return, is timed, and is neither a success nor a failure', async () => {
    const feed = new Feed();
    for (const value of feed.list()) if (value === 1) break;
    expect(feed.seen).to.deep.equal(['finally']);
    expect(await recorded.counts()).to.deep.equal({ 'timer list': 1 });
  });

  it('that is never run is not recorded', async () => {
    const feed = new Feed();
    feed.list();
    expect(feed.list().return(9)).to.deep.equal({ value: 9, done: true });
    expect(await recorded.counts()).to.deep.equal({});
  });

  it('that throws, or has an error thrown into it, throws that, and counts it', async () => {
    const broken = new Feed().broken();
    broken.next();
    expect(() => broken.next())
      .to.throw()
      .that.equals(error);
    const list = new Feed().list();
    list.next();
    expect(() => list.throw(error))
      .to.throw()
      .that.equals(error);
    expect(await recorded.counts()).to.deep.equal({
      'timer broken': 1,
      'counter broken.errors': 1,
      'timer list': 1,
      'counter list.errors': 1,
    });
  });

  it('stays itself: its own instance, with its own iterator', () => {
    const list = new Feed().list();
    expect(list[Symbol.iterator]()).to.equal(list);
    expect(Object.keys(list)).to.deep.equal([]);
    expect(Object.prototype.toString.call(list)).to.equal('[object Generator]');
  });

  it('may be asynchronous', async () => {
    const feed = new Feed();
    const stream = feed.stream();
    clock.now += 1_000;
    expect(await stream.next()).to.deep.equal({ value: 1, done: false });
    clock.now += 5;
    expect(await stream.next('a')).to.deep.equal({ value: 2, done: true });
    expect(feed.seen).to.deep.equal(['a', 'finally']);
    expect(await recorded.metrics()).to.deep.equal([
      { type: 'counter', name: 'streamed', value: 1, rate: 1 },
      { type: 'timer', name: 'stream', values: [25], rate: 1 },
    ]);
  });

  it('may be asynchronous and fail, or be left early', async () => {
    const caught: unknown[] = [];
    try {
      for await (const value of new Feed().brokenStream()) caught.push(value);
    } catch (thrown) {
      caught.push(thrown);
    }
    expect(caught).to.deep.equal([1, error]);
    const feed = new Feed();
    for await (const value of feed.stream()) if (value === 1) break;
    expect(feed.seen).to.deep.equal(['finally']);
    expect(await recorded.counts()).to.deep.equal({
      'timer brokenStream': 1,
      'counter brokenStream.errors': 1,
      'timer stream': 1,
    });
  });

  it('that yields once more while it is left was cancelled all the same', async () => {
    class Reader {
      @Timed('read', { statsd }) @Counted('done', { statsd, on: 'success' }) *read(): Generator<
        string,
        string
      > {
        try {
          yield 'line';
        } finally {
          yield 'last line';
        }
        return 'end';
      }
    }
    const read = new Reader().read();
    read.next();
    expect(read.return('left')).to.deep.equal({ value: 'last line', done: false });
    expect(read.next()).to.deep.equal({ value: 'left', done: true });
    expect(await recorded.counts()).to.deep.equal({ 'timer read': 1 });
  });

  it('into which an error is thrown before it began never ran', async () => {
    expect(() => new Feed().list().throw(error))
      .to.throw()
      .that.equals(error);
    expect(await recorded.counts()).to.deep.equal({});
  });
});
