import { Counted, Gauge, Timed, instrumentedMethods } from '@afstatsd/decorators';
import { useRecorded } from '@afstatsd/testing';
import { expect } from 'chai';

describe('private members, and classes without a name, which only standard decorators reach', () => {
  const recorded = useRecorded();
  const { statsd } = recorded;

  class Vault {
    #coins = 2;
    @Timed({ statsd }) @Counted('opened', { statsd }) #open(count: number): number {
      return this.#coins * count;
    }
    @Gauge('coins', { statsd }) get #content(): number {
      return this.#coins;
    }
    @Timed({ statsd }) static #make(): Vault {
      return new this();
    }
    static make(): Vault {
      return this.#make();
    }
    use(): number[] {
      return [this.#open(3), this.#content];
    }
  }
  class Safe extends Vault {}

  it('are instrumented, under the name of the class of the object', async () => {
    expect(Vault.make().use()).to.deep.equal([6, 2]);
    expect(await recorded.counts()).to.deep.equal({
      'timer Vault.#open': 1,
      'counter opened': 1,
      'gauge coins': 2,
      'timer Vault.#make': 1,
    });
    expect(() => Safe.make()).to.throw(TypeError); // as without decorators: #make belongs to Vault alone
  });

  it('are not listed, since nothing sees them from outside', () => {
    expect(instrumentedMethods(Vault)).to.deep.equal([]);
  });

  it('can be polled, from the construction of an instance on', async () => {
    class Pool {
      #open = 4;
      @Gauge('open', { statsd, poll: true }) get #size(): number {
        return this.#open;
      }
      grow(): number {
        this.#open++;
        return this.#size;
      }
    }
    const pools = [new Pool(), new Pool()];
    pools[0]!.grow();
    expect(await recorded.counts()).to.deep.equal({ 'gauge open': 9 });
  });

  it('get a name when there is none', async () => {
    const makeAnonymous = (): { run(): void } =>
      new (class {
        @Timed({ statsd }) run(): void {}
      })();
    makeAnonymous().run();
    const { run } = Vault.prototype as unknown as { run?: () => void };
    expect(run).to.equal(undefined);
    expect(await recorded.counts()).to.include({ 'timer anonymous.run': 1 });
  });

  it('taken off its object, a method has no class until it was called on one', async () => {
    class Shop {
      @Timed({ statsd }) search(this: unknown): void {}
    }
    const { search } = Shop.prototype;
    Reflect.apply(search, undefined, []);
    search.call(5);
    new Shop().search();
    Reflect.apply(search, undefined, []);
    const counts = await recorded.counts();
    expect(counts).to.include({ 'timer anonymous.search': 2, 'timer Shop.search': 2 });
  });

  it('finds the class also where a decorator of somebody else hides ours', async () => {
    const hide = <T extends (this: never, ...args: never) => unknown>(
      value: T,
      _context: ClassMethodDecoratorContext,
    ): T =>
      function (this: never, ...args: never) {
        return Reflect.apply(value, this, args);
      } as unknown as T;
    class Shop {
      @hide @Timed({ statsd }) search(): string {
        return 'found';
      }
      @hide @Timed({ statsd }) static open(): string {
        return 'opened';
      }
    }
    class Outlet extends Shop {}
    expect([new Outlet().search(), Shop.open()]).to.deep.equal(['found', 'opened']);
    expect(await recorded.counts()).to.include({ 'timer Shop.search': 1, 'timer Shop.open': 1 });
  });

  it('looks for the class again, after calls on objects of other classes', async () => {
    class Shop {
      @Timed({ statsd }) lookUp(): void {}
    }
    const { lookUp } = Shop.prototype;
    ({ lookUp }).lookUp();
    lookUp.call({} as Shop);
    const shop = Object.assign(new Shop(), { lookUp });
    shop.lookUp();
    expect(await recorded.counts()).to.include({ 'timer anonymous.lookUp': 2, 'timer Shop.lookUp': 1 });
  });

  it('polls an instance once, though it is used through a Proxy or a derived object', async () => {
    class Cart {
      constructor() {
        return new Proxy(this, {});
      }
      @Gauge('proxied', { statsd, poll: true }) get size(): number {
        return 5;
      }
    }
    const cart = new Cart();
    expect([cart.size, (Object.create(cart) as Cart).size]).to.deep.equal([5, 5]);
    expect(await recorded.counts()).to.include({ 'gauge proxied': 5 });
  });
});

describe('Gauge.poll where the only polled member is #private', () => {
  const { statsd } = useRecorded();
  for (const enabled of [true, false]) {
    it(`is fine, if it is ${enabled ? 'enabled' : 'disabled'}`, () => {
      class Shop {
        @Gauge('private.size', { statsd, poll: true, enabled }) get #size(): number {
          return 5;
        }
        constructor() {
          Gauge.poll(this);
        }
        get size(): number {
          return this.#size;
        }
      }
      expect(new Shop().size).to.equal(5);
    });
  }
});
