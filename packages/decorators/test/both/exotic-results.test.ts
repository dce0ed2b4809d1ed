import { Counted, Gauge, Timed } from '@afstatsd/decorators';
import { useRecorded } from '@afstatsd/testing';
import { expect } from 'chai';
import { mode } from '../support/mode.js';

const fail = (): never => {
  throw new Error('on purpose');
};

describe(`what a decorated method returns, if it is odd (${mode} decorators)`, () => {
  const recorded = useRecorded();
  const { statsd } = recorded;
  beforeEach(() => recorded.metrics());

  class Shop {
    #connection: Promise<string> | undefined;
    @Timed('given', { statsd }) @Gauge('flying', { statsd, inFlight: true }) given<T>(value: T): T {
      return value;
    }
    @Timed('connect', { statsd }) @Counted('failed', { statsd, on: 'failure' }) connect(
      fails: boolean,
    ): Promise<string> {
      this.#connection ??= fails ? Promise.reject(new Error('offline')) : Promise.resolve('connected');
      return this.#connection;
    }
  }

  it('is handed on, when it is a Proxy that refuses, or poses as a promise', async () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const promise = Promise.resolve({ name: 'Ada' });
    const fluent = new Proxy(promise, {
      get: (target, key) =>
        key === 'then' || key === 'catch'
          ? (Reflect.get(target, key) as () => void).bind(target)
          : target.then((value) => (value as Record<string | symbol, unknown>)[key]),
    });
    const odd = [
      proxy,
      new Proxy({}, { getPrototypeOf: fail, get: fail, has: fail }),
      new Proxy(() => {}, { get: () => () => {} }),
      Object.create(Promise.prototype) as object,
      Object.create(null) as object,
      Object.freeze({ then: fail }),
      fluent,
    ];
    for (const value of odd) expect(new Shop().given(value) === value).to.be.true;
    expect(await (fluent as unknown as { name: Promise<string> }).name).to.equal('Ada');
    const counts = await recorded.counts();
    expect(counts).to.include({ 'gauge flying': 0 });
    expect(counts['timer given']).to.be.at.least(4);
  });

  it('is the same promise each time, if the method keeps one: a failure that one caller handles is handled', async () => {
    const shop = new Shop();
    const first = shop.connect(true);
    expect(shop.connect(true)).to.equal(first);
    expect(await shop.connect(true).catch((error: Error) => error.message)).to.equal('offline');
    expect(shop.connect(true)).to.equal(first);
    expect(await recorded.counts()).to.include({
      'timer connect': 4,
      'counter connect.errors': 4,
      'counter failed': 4,
    });
  });

  it('shows what the promise has of its own as it is now, and passes on what is set', async () => {
    const task = Object.assign(new Promise<number>((resolve) => setImmediate(resolve, 5)), {
      cancelled: false,
      cancel: () => void (task.cancelled = true),
    });
    const returned = new Shop().given(task);
    returned.cancel();
    expect(returned.cancelled).to.equal(true);
    returned.cancelled = false;
    expect(task.cancelled).to.equal(false);
    expect(Object.keys(returned)).to.deep.equal(Object.keys(task));
    expect(await returned).to.equal(5);
  });

  it('is timed, if it is a plain promise with a then of its own', async () => {
    const promise = Promise.resolve(5);
    promise.then = promise.then.bind<Promise<number>['then']>(promise);
    expect(await new Shop().given(promise)).to.equal(5);
    expect(await recorded.counts()).to.include({ 'timer given': 1 });
  });

  it('keeps all that a thenable passes, and what can be enumerated; one whose then throws has failed', async () => {
    const seen: unknown[] = [];
    const thenable = {
      then: (done: (...values: unknown[]) => void, _failed: unknown, progress: (value: number) => void) => {
        progress(50);
        done('data', 'status');
      },
    };
    const returned = new Shop().given(thenable);
    expect(Object.keys(returned)).to.deep.equal(['then']);
    const readers = [
      (...values: unknown[]) => seen.push(...values),
      undefined,
      (value: number) => seen.push(value),
    ];
    Reflect.apply(returned.then, returned, readers as never);
    expect(seen).to.deep.equal([50, 'data', 'status']);
    const broken = new Shop().given({ then: fail });
    expect(() => Reflect.apply(broken.then, broken, [])).to.throw('on purpose');
    expect(await recorded.counts()).to.deep.equal({
      'timer given': 2,
      'counter given.errors': 1,
      'gauge flying': 0,
    });
  });

  it('is one run for each call, if many return the same thenable', async () => {
    let settle: (value: number) => void = () => {};
    const thenable = { then: (done: (value: number) => void) => void (settle = done) };
    const shop = new Shop();
    for (let i = 0; i < 3; i++) expect(shop.given(thenable)).to.equal(thenable);
    const awaited = Promise.resolve(thenable);
    await Promise.resolve();
    expect(await recorded.counts()).to.deep.equal({ 'gauge flying': 3 });
    settle(7);
    expect(await awaited).to.equal(7);
    expect(await recorded.counts()).to.deep.equal({ 'timer given': 3, 'gauge flying': 0 });
  });
});
