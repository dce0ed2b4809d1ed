import { Counted, Gauge, Timed, instrumentedMethods } from '@afstatsd/decorators';
import { useRecorded } from '@afstatsd/testing';
import { expect } from 'chai';
import { mode } from '../support/mode.js';

describe(`what a caller sees of a decorated method (${mode} decorators)`, () => {
  const recorded = useRecorded();
  const { statsd } = recorded;
  const thrown = new Error('out of stock');
  const swapped = Symbol('swapped');

  class Plain {
    readonly factor = 3;
    multiply(a: number, b: number, ..._rest: number[]): number {
      return this.factor * a * b;
    }
    self(): this {
      return this;
    }
    fail(): never {
      throw thrown;
    }
    later(callback: (value: number) => void, value: number): void {
      setImmediate(callback, value);
    }
    get double(): number {
      return this.factor * 2;
    }
    [swapped](): string {
      return 'symbol';
    }
    static create(): Plain {
      return new this();
    }
  }

  class Shop extends Plain {
    @Timed({ statsd }) @Counted({ statsd }) override multiply(
      a: number,
      b: number,
      ..._rest: number[]
    ): number {
      return this.factor * a * b;
    }
    @Timed({ statsd }) override self(): this {
      return this;
    }
    @Counted({ statsd }) @Timed({ statsd }) @Gauge({ statsd }) override fail(): never {
      throw thrown;
    }
    @Timed({ statsd }) override later(callback: (value: number) => void, value: number): void {
      setImmediate(callback, value);
    }
    @Timed({ statsd }) @Gauge({ statsd }) override get double(): number {
      return this.factor * 2;
    }
    @Timed({ statsd }) override [swapped](): string {
      return 'symbol';
    }
    @Timed({ statsd }) static override create(): Shop {
      return new this();
    }
  }

  const descriptors = (holder: object): Record<string | symbol, PropertyDescriptor> =>
    Object.getOwnPropertyDescriptors(holder);

  it('is its result, with the same this and arguments', () => {
    const shop = new Shop();
    expect(shop.multiply(2, 5)).to.equal(30);
    expect(shop.self()).to.equal(shop);
    expect(shop.double).to.equal(6);
    expect(shop[swapped]()).to.equal('symbol');
    expect(Shop.create()).to.be.instanceOf(Shop);
    expect(shop.multiply.call({ factor: 1 } as never, 2, 5)).to.equal(10);
    expect(Reflect.apply(shop.multiply, { factor: 2 }, [1, 1, 7, 8])).to.equal(2);
  });

  it('is the same error', async () => {
    expect(() => new Shop().fail())
      .to.throw()
      .that.equals(thrown);
    const counts = await recorded.counts();
    expect(counts).to.include({
      'timer Shop.fail': 1,
      'counter Shop.fail': 1,
      'counter Shop.fail.errors': 1,
    });
    expect(counts).not.to.have.property('gauge Shop.fail');
  });

  it('is the same name, length, kind of property and prototype of the function', () => {
    for (const [plain, decorated] of [
      [descriptors(Plain.prototype), descriptors(Shop.prototype)],
      [descriptors(Plain), descriptors(Shop)],
    ] as const) {
      for (const key of Reflect.ownKeys(plain).filter(
        (key) => !['prototype', 'name', 'length'].includes(String(key)),
      )) {
        const [before, after] = [plain[key]!, decorated[key]!];
        expect(Object.keys(after), String(key)).to.deep.equal(Object.keys(before));
        expect([after.enumerable, after.configurable, after.writable]).to.deep.equal([
          before.enumerable,
          before.configurable,
          before.writable,
        ]);
        if (key === 'constructor') continue;
        const [from, to] = [before.get ?? (before.value as object), after.get ?? (after.value as object)];
        expect(Object.getOwnPropertyDescriptors(to)).to.deep.equal(Object.getOwnPropertyDescriptors(from));
        expect(Object.getPrototypeOf(to)).to.equal(Object.getPrototypeOf(from));
      }
    }
  });

  it('is that it can not be called with new, as no method can', () => {
    const { multiply } = new Shop();
    expect(() => Reflect.construct(multiply, [])).to.throw(TypeError, 'a constructor'); // each runtime has its own words
  });

  it('is the prototype of an async method or a generator', () => {
    class Kinds {
      @Timed({ statsd }) async wait(): Promise<void> {}
      @Timed({ statsd }) *list(): Generator<number> {
        yield 1;
      }
      @Timed({ statsd }) async *stream(): AsyncGenerator<number> {
        yield 1;
      }
      async plainWait(): Promise<void> {}
      *plainList(): Generator<number> {}
      async *plainStream(): AsyncGenerator<number> {}
    }
    const { wait, list, stream, plainWait, plainList, plainStream } = Kinds.prototype;
    expect(Object.getPrototypeOf(wait)).to.equal(Object.getPrototypeOf(plainWait));
    expect(Object.getPrototypeOf(list)).to.equal(Object.getPrototypeOf(plainList));
    expect(Object.getPrototypeOf(stream)).to.equal(Object.getPrototypeOf(plainStream));
    expect(new Kinds().list()).to.be.instanceOf(list);
  });

  it('is properties that the method had of its own', () => {
    const route = Symbol('route');
    const marked = <F extends object>(value: F): F =>
      Object.assign(value, { [route]: '/checkout', cached: true });
    const mark = (...args: unknown[]): void => {
      marked((mode === 'standard' ? args[0] : (args[2] as PropertyDescriptor).value) as object);
    };
    class Routed {
      @Timed({ statsd }) @mark checkout(): void {}
    }
    expect(Routed.prototype.checkout).to.include({ [route]: '/checkout', cached: true });
  });

  it('is that callbacks are left alone', async () => {
    const value = await new Promise<number>((resolve) => new Shop().later(resolve, 7));
    expect(value).to.equal(7);
    expect(await recorded.counts()).to.have.property('timer Shop.later', 1);
  });

  it('is that a setter of the same name goes on to work', () => {
    class Cart {
      #size = 1;
      @Timed({ statsd }) get size(): number {
        return this.#size;
      }
      set size(value: number) {
        this.#size = value;
      }
    }
    const cart = new Cart();
    cart.size = 4;
    expect(cart.size).to.equal(4);
  });

  it('is nothing at all with enabled: false', () => {
    const checkout = (): void => {};
    class Off {
      @Timed({ statsd, enabled: false })
      @Counted({ statsd, enabled: false })
      @Gauge({ statsd, enabled: false })
      static run(): typeof checkout {
        return checkout;
      }
    }
    expect(instrumentedMethods(Off)).to.deep.equal([]);
    expect(Off.run()).to.equal(checkout);
  });
});
