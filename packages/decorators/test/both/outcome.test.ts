import { Counted, type Recorder, Timed } from '@afstatsd/decorators';
import { type Recorded, useClients } from '@afstatsd/testing';
import { expect } from 'chai';
import { mode } from '../support/mode.js';

class NotFound extends Error {}

describe(`the outcome of a timed call (${mode} decorators)`, () => {
  const makeClient = useClients();
  let recorded: Recorded;
  beforeEach(() => (recorded = makeClient()));

  it('gives tags, which win over those that are known before', async () => {
    const { statsd } = recorded;
    class Shop {
      @Timed('buy', {
        statsd,
        tags: (_self: Shop, [method]: [string]) => ({ method, outcome: 'none' }),
        outcomeTags: ({ outcome, error }) => ({
          outcome,
          error: error instanceof Error ? error.name : undefined,
        }),
      })
      async buy(_method: string, fails = false): Promise<string> {
        if (fails) throw new TypeError('on purpose');
        return 'bought';
      }
    }
    expect(await new Shop().buy('card')).to.equal('bought');
    await new Shop().buy('card', true).catch(() => {});
    expect(await recorded.counts()).to.deep.equal({
      'timer buy card success': 1,
      'timer buy TypeError card failure': 1,
      'counter buy.errors TypeError card failure': 1,
    });
  });

  it('is an error only if the option says so', async () => {
    const { statsd } = recorded;
    class Shop {
      @Timed('find', { statsd, errors: (error) => !(error instanceof NotFound) })
      find(error?: Error): void {
        if (error !== undefined) throw error;
      }
    }
    const shop = new Shop();
    shop.find();
    expect(() => shop.find(new NotFound())).to.throw(NotFound);
    expect(await recorded.counts()).to.deep.equal({ 'timer find': 2 });
    expect(() => shop.find(new Error('broken'))).to.throw('broken');
    expect(await recorded.counts()).to.deep.equal({ 'timer find': 1, 'counter find.errors': 1 });
  });

  it('is an error, and is recorded, when a function of the app throws', async () => {
    const { statsd, log } = recorded;
    const fail = (): never => {
      throw new Error('of the callback');
    };
    class Shop {
      @Timed('buy', { statsd, tags: { a: 1 }, errors: fail, outcomeTags: fail })
      buy(): void {
        throw new Error('of the method');
      }
    }
    expect(() => new Shop().buy()).to.throw('of the method');
    expect(await recorded.counts()).to.deep.equal({ 'timer buy 1': 1, 'counter buy.errors 1': 1 });
    expect(log.warnings).to.deep.equal([
      'afstatsd: the outcomeTags function of @Timed on buy threw "Error: of the callback" (said once)',
      'afstatsd: the errors function of @Timed on buy threw "Error: of the callback" (said once)',
    ]);
  });

  it('has no counter announced, because its tags are not known before', () => {
    const { statsd } = recorded;
    const created: string[] = [];
    const client: Recorder = {
      gauge: statsd.gauge,
      increment: statsd.increment,
      timing: statsd.timing,
      updateStats: statsd.updateStats,
      createCounter: (name) => (created.push(name), statsd.createCounter(name)),
    };
    class Shop {
      @Timed('a', { statsd: client, outcomeTags: ({ outcome }) => ({ outcome }) }) a(): void {}
      @Timed('b', { statsd: client, errors: () => true }) b(): void {}
    }
    expect(new Shop()).to.be.instanceOf(Shop);
    expect(created).to.deep.equal(['b.errors']);
  });

  it('takes functions only', () => {
    expect(() => {
      class Shop {
        @Timed('a', { outcomeTags: {} as never }) buy(): void {}
      }
      return Shop;
    }).to.throw(TypeError, 'option outcomeTags must be a function');
    expect(() => {
      class Shop {
        @Timed('a', { errors: true as never }) buy(): void {}
      }
      return Shop;
    }).to.throw(TypeError, 'option errors must be a function');
  });
});

describe(`the outcome of a counted call (${mode} decorators)`, () => {
  const makeClient = useClients();
  let recorded: Recorded;
  beforeEach(() => (recorded = makeClient()));

  it('gives tags to every call as it ends, or to those that end so', async () => {
    const { statsd } = recorded;
    class Shop {
      @Counted('buy', {
        statsd,
        tags: { shop: 'a' },
        outcomeTags: ({ outcome, result }) => ({ outcome, result: result as string }),
      })
      @Counted('failed', {
        statsd,
        on: 'failure',
        outcomeTags: ({ error }) => ({ error: (error as Error).name }),
      })
      async buy(fails: boolean): Promise<string> {
        if (fails) throw new TypeError('on purpose');
        return 'bought';
      }
      @Counted('walk', { statsd, outcomeTags: ({ outcome }) => ({ outcome }) })
      *walk(): Generator<number> {
        yield 1;
        yield 2;
      }
    }
    const shop = new Shop();
    await shop.buy(false);
    await shop.buy(true).catch(() => {});
    for (const _step of shop.walk()) break;
    expect([...shop.walk()]).to.deep.equal([1, 2]);
    expect(await recorded.counts()).to.deep.equal({
      'counter buy success bought a': 1,
      'counter buy failure a': 1,
      'counter failed TypeError': 1,
      'counter walk cancelled': 1,
      'counter walk success': 1,
    });
  });

  it('is counted as a failure only if the option says so', async () => {
    const { statsd } = recorded;
    class Shop {
      @Counted('broken', { statsd, on: 'failure', errors: (error) => !(error instanceof NotFound) })
      find(error?: Error): void {
        if (error !== undefined) throw error;
      }
    }
    const shop = new Shop();
    shop.find();
    expect(() => shop.find(new NotFound())).to.throw(NotFound);
    expect(() => shop.find(new Error('broken'))).to.throw('broken');
    expect(await recorded.counts()).to.deep.equal({ 'counter broken': 1 });
  });

  it('takes errors only where failures are counted', () => {
    expect(() => {
      class Shop {
        @Counted('a', { errors: () => true }) buy(): void {}
      }
      return Shop;
    }).to.throw(TypeError, "errors is for on: 'failure'");
  });
});
