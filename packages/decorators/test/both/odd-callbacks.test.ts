import { Counted, Gauge, type Recorder, Timed } from '@afstatsd/decorators';
import { type Recorded, useClients } from '@afstatsd/testing';
import { expect } from 'chai';
import { mode } from '../support/mode.js';

describe(`odd options of a decorator (${mode} decorators)`, () => {
  const makeClient = useClients();
  let recorded: Recorded;
  beforeEach(() => (recorded = makeClient()));

  it('a tags function may call what it gives tags to', async () => {
    const { statsd } = recorded;
    @Timed('shop', { statsd, tags: (self: Shop) => ({ tenant: self.tenant() }) })
    class Shop {
      tenant(): string {
        return 'acme';
      }
      find(): number {
        return 1;
      }
    }
    expect(new Shop().find()).to.equal(1);
    const counts = await recorded.counts();
    expect(counts).to.include({ 'timer shop.find acme': 1 });
    expect(Object.values(counts).reduce((sum, count) => sum + count)).to.be.below(5);
  });

  it('callbacks that are async functions and reject end nothing', async () => {
    const { statsd } = recorded;
    const reject = async (): Promise<never> => {
      throw new Error('on purpose');
    };
    class Shop {
      @Timed('timed', { statsd, tags: reject as never })
      @Counted('counted', { statsd, delta: reject as never })
      @Gauge('gauge', { statsd, value: reject as never })
      sell(): string {
        return 'sold';
      }
    }
    const unhandled: unknown[] = [];
    const hear = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', hear);
    try {
      expect(new Shop().sell()).to.equal('sold');
      await new Promise((resolve) => setImmediate(resolve));
    } finally {
      process.off('unhandledRejection', hear);
    }
    expect(unhandled).to.deep.equal([]);
    expect(statsd.stats().rejected).to.equal(3);
  });

  it('a client of the app whose gauge returns nothing is asked to poll once', async () => {
    const { statsd } = recorded;
    const asked: string[] = [];
    const own: Recorder = {
      increment: statsd.increment,
      timing: statsd.timing,
      updateStats: statsd.updateStats,
      gauge: ((...args: Parameters<Recorder['gauge']>) => {
        asked.push(args[0]);
        statsd.gauge(...args);
      }) as Recorder['gauge'],
    };
    class Queue {
      constructor() {
        Gauge.poll(this);
      }
      @Gauge('depth', { statsd: own, poll: true }) get depth(): number {
        return 1;
      }
    }
    const queues = [new Queue(), new Queue(), new Queue()];
    expect(queues).to.have.length(3);
    expect(await recorded.counts()).to.deep.equal({ 'gauge depth': 3 });
    expect(asked).to.deep.equal(['depth']);
  });

  it('enabled: false on a method keeps the decorator of its class away, too', async () => {
    const { statsd } = recorded;
    @Timed({ statsd })
    class Shop {
      @Timed({ enabled: false }) noisy(): void {}
      quiet(): void {}
    }
    const shop = new Shop();
    shop.noisy();
    shop.quiet();
    expect(await recorded.counts()).to.deep.equal({ 'timer Shop.quiet': 1 });
  });

  it('on a frozen class, include says that it can do nothing', () => {
    const { statsd } = recorded;
    class Shop {
      sell(): void {}
    }
    Object.freeze(Shop.prototype);
    const decorate = Timed({ statsd, include: ['sell'] }) as unknown as (target: object) => void;
    expect(() => decorate(Shop)).to.throw(
      TypeError,
      '@Timed on class Shop: "sell" can\'t be changed: the class is frozen',
    );
    const all = Timed({ statsd }) as unknown as (target: object) => void;
    expect(() => all(Shop)).not.to.throw();
  });

  it('on a parameter, it is refused, as a compiler without types lets it stand there', () => {
    class Shop {
      sell(): void {}
    }
    const decorate = Timed as unknown as (...args: unknown[]) => void;
    expect(() => decorate(Shop, undefined, 0)).to.throw(
      TypeError,
      "@Timed can't decorate the parameter of Shop.constructor",
    );
    expect(() => decorate(Shop.prototype, 'sell', 1)).to.throw(
      TypeError,
      "@Timed can't decorate the parameter of Shop.sell",
    );
  });
});
