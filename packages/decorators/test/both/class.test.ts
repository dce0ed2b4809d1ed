import { Counted, Gauge, Timed, instrumentedMethods } from '@afstatsd/decorators';
import { useClients, useRecorded } from '@afstatsd/testing';
import { expect } from 'chai';
import { mode } from '../support/mode.js';

describe(`a decorated class (${mode} decorators)`, () => {
  const makeClient = useClients();
  const recorded = useRecorded();
  const { statsd } = recorded;
  const inspect = Symbol('inspect');
  beforeEach(() => recorded.metrics());

  class Base {
    inherited(): void {}
  }

  @Timed({ statsd })
  class Shop extends Base {
    static readonly handler = (): string => 'a field';
    static readonly Model = class {};
    readonly field = (): string => 'a field';

    checkout(): string {
      return 'paid';
    }
    @Timed('own', { statsd }) named(): void {}
    @Counted('counted', { statsd }) both(): void {}
    @Timed.skip skipped(): void {}
    [inspect](): void {}
    get dangerous(): number {
      throw new Error('no getter runs while the class is looked at');
    }
    static open(): void {}
  }

  it('has its own methods instrumented, instance and static, and nothing else', async () => {
    const shop = new Shop();
    expect(shop.checkout()).to.equal('paid');
    shop.both();
    shop.inherited();
    shop.skipped();
    shop[inspect]();
    Shop.open();
    expect([shop.field(), Shop.handler(), new Shop.Model()]).to.have.length(3);
    expect(() => shop.dangerous).to.throw('no getter runs');
    expect(await recorded.counts()).to.deep.equal({
      'timer Shop.checkout': 1,
      'timer Shop.both': 1,
      'counter counted': 1,
      'timer Shop.open': 1,
    });
    expect(Object.hasOwn(Base.prototype.inherited, 'name')).to.be.true;
    expect(instrumentedMethods(Base)).to.deep.equal([]);
  });

  it("lets a method's own decorator win", async () => {
    new Shop().named();
    expect(await recorded.counts()).to.deep.equal({ 'timer own': 1 });
  });

  it('takes a name in the place of its own, and a choice of members', async () => {
    @Counted('store', { statsd, include: ['sell', inspect, 'total'] })
    @Timed('store', { statsd, exclude: ['sell'] })
    class Store {
      sell(): void {}
      buy(): void {}
      [inspect](): void {}
      get total(): number {
        return 3;
      }
    }
    const store = new Store();
    store.sell();
    store.buy();
    store[inspect]();
    expect(store.total).to.equal(3);
    expect(await recorded.counts()).to.deep.equal({
      'counter store.sell': 1,
      'timer store.buy': 1,
      'counter store.inspect': 1,
      'counter store.total': 1,
    });
  });

  it('refuses a choice that names what it has not', () => {
    const decorate = (options: object): (() => void) => {
      return () => {
        @Timed({ statsd, ...options })
        class Store {
          sell(): void {}
        }
        void Store;
      };
    };
    expect(decorate({ include: ['sel'] })).to.throw(
      TypeError,
      '@Timed on class Store: it has no method or getter "sel" of its own',
    );
    expect(decorate({ exclude: ['toString'] })).to.throw(TypeError, '"toString"');
    expect(decorate({ include: ['constructor'] })).to.throw(TypeError, '"constructor"');
  });

  it('may have calls in flight as gauges, but not results', async () => {
    const recorded = makeClient();
    const { statsd } = recorded;
    const waiting: (() => void)[] = [];
    @Gauge({ statsd, inFlight: true })
    class Worker {
      async work(): Promise<void> {
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
    }
    const worker = new Worker();
    const calls = [worker.work(), worker.work()];
    expect(await recorded.counts()).to.deep.equal({ 'gauge Worker.work': 2 });
    for (const resolve of waiting) resolve();
    await Promise.all(calls);
    expect(await recorded.counts()).to.deep.equal({ 'gauge Worker.work': 0 });
    expect(() => {
      @Gauge({ statsd })
      class Numbers {}
      void Numbers;
    }).to.throw(TypeError, '@Gauge on class Numbers: on a class it needs inFlight');
  });

  it('may be abstract, have a private constructor, or extend one that is decorated', async () => {
    @Timed({ statsd })
    abstract class Shape {
      abstract area(): number;
      describe(): string {
        return `area ${this.area()}`;
      }
    }
    @Timed({ statsd })
    class Square extends Shape {
      readonly side: number;
      private constructor(side: number) {
        super();
        this.side = side;
      }
      static of(side: number): Square {
        return new this(side);
      }
      area(): number {
        return this.side ** 2;
      }
    }
    expect(Square.of(3).describe()).to.equal('area 9');
    expect(await recorded.counts()).to.deep.equal({
      'timer Square.of': 1,
      'timer Shape.describe': 1,
      'timer Square.area': 1,
    });
  });

  it('stays as it is with enabled: false', () => {
    @Timed({ statsd, enabled: false })
    class Off {
      run(): void {}
    }
    expect(instrumentedMethods(Off)).to.deep.equal([]);
  });
});
