import { Gauge } from '@afstatsd/decorators';
import { useRecorded } from '@afstatsd/testing';
import { expect } from 'chai';
import { mode } from '../support/mode.js';

describe(`@Gauge (${mode} decorators)`, () => {
  const recorded = useRecorded();
  const { statsd } = recorded;
  beforeEach(() => recorded.metrics());

  class Cart {
    readonly items: string[] = [];
    @Gauge('size', { statsd }) add(item: string): number {
      return this.items.push(item);
    }
    @Gauge('awaited', { statsd }) async load(): Promise<number> {
      return 12.5;
    }
    @Gauge('getter', { statsd }) get size(): number {
      return this.items.length;
    }
    @Gauge('made', { statsd, value: (result: string[], [factor]: [number]) => result.length * factor })
    list(_factor: number): string[] {
      return this.items;
    }
    @Gauge('failed', { statsd }) async fail(): Promise<number> {
      throw new Error('empty');
    }
    @Gauge('returned', { statsd }) give(value: unknown): unknown {
      return value;
    }
  }

  it('sets the number that a method or getter returns, that a promise has, or that is made of it', async () => {
    const cart = new Cart();
    cart.add('shoes');
    cart.add('socks');
    await cart.load();
    expect(cart.size).to.equal(2);
    cart.list(10);
    expect(await recorded.counts()).to.deep.equal({
      'gauge size': 2,
      'gauge awaited': 12.5,
      'gauge getter': 2,
      'gauge made': 20,
    });
  });

  it('sets nothing when the call fails, or returns what is no number, which is said once', async () => {
    const cart = new Cart();
    expect(await cart.fail().catch((error: Error) => error.message)).to.equal('empty');
    const { rejected } = statsd.stats();
    for (const value of ['5', undefined, NaN, () => 5]) expect(Object.is(cart.give(value), value)).to.be.true;
    expect(await recorded.counts()).to.deep.equal({});
    expect(statsd.stats().rejected).to.equal(rejected + 4);
    expect(recorded.log.warnings).to.deep.equal([
      'afstatsd: the value of "returned" can\'t be "5": refused (said once)',
    ]);
  });

  it('records how many calls are running, at each flush', async () => {
    const settle: (() => void)[] = [];
    class Pool {
      @Gauge('running', { statsd, inFlight: true, tags: { pool: 'main' } })
      run(): Promise<void> {
        return new Promise((resolve) => settle.push(resolve));
      }
      @Gauge('running', { statsd, inFlight: true, tags: { pool: 'main' } })
      fail(): void {
        throw new Error('at once');
      }
      @Gauge('generators', { statsd, inFlight: true }) *each(): Generator<number> {
        yield 1;
        yield 2;
      }
      @Gauge('queries', { statsd, inFlight: true }) query(): PromiseLike<number> {
        return { then: (resolve) => Promise.resolve(1).then(resolve) };
      }
    }
    const pool = new Pool();
    const calls = [pool.run(), pool.run(), pool.run()];
    expect(() => pool.fail()).to.throw('at once');
    expect(await recorded.counts()).to.deep.equal({ 'gauge running main': 3 });
    settle[0]!();
    await calls[0];
    expect(await recorded.counts()).to.deep.equal({ 'gauge running main': 2 });
    for (const resolve of settle) resolve();
    await Promise.all(calls);

    const unused = pool.each();
    const each = pool.each();
    each.next();
    const query = pool.query();
    expect(await recorded.counts()).to.deep.equal({
      'gauge running main': 0,
      'gauge generators': 1,
      'gauge queries': 0,
    });
    each.return(0);
    unused.return(0);
    const awaited = query.then((value) => value);
    expect(await recorded.counts()).to.deep.include({ 'gauge generators': 0, 'gauge queries': 1 });
    expect(await awaited).to.equal(1);
    expect(await recorded.counts()).to.include({ 'gauge queries': 0 });
  });
});
