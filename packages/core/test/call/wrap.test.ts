import { useClients, usePrograms } from '@afstatsd/testing';
import { expect } from 'chai';
import { counted, timed } from '../../src/call/wrap.js';
import { programFile } from '../support/program-file.js';

/** Durations that a wrapper recorded. */
let recorded: number[];
const record = (ms: number): void => void recorded.push(ms);

describe('a wrapped function', () => {
  beforeEach(() => (recorded = []));
  const makeClient = useClients();
  const programs = usePrograms();

  it('gets the same this and arguments, and gives the same result', () => {
    const self = {};
    function original(this: unknown, ...args: number[]): unknown {
      return [this, args];
    }
    expect(timed(original, record).call(self, 1, 2)).to.deep.equal([self, [1, 2]]);
    expect(recorded).to.have.length(1);
    expect(recorded[0]).to.be.at.least(0);
  });

  it('throws the same error, and is timed all the same', () => {
    const error = new Error('original');
    const fail = timed(() => {
      throw error;
    }, record);
    expect(fail).to.throw(error);
    expect(recorded).to.have.length(1);
  });

  it('has the same name, length, prototype and properties', () => {
    const original = Object.assign(function checkout(_cart: unknown, _user: unknown) {}, {
      route: '/checkout',
    });
    const wrapper = timed(original, record);
    expect(wrapper.name).to.equal('checkout');
    expect(wrapper.length).to.equal(2);
    expect(wrapper.route).to.equal('/checkout');
    expect(wrapper.prototype).to.equal(original.prototype);
    expect(Object.getPrototypeOf(timed(async () => {}, record))).to.equal(
      Object.getPrototypeOf(async () => {}),
    );
  });

  it('can be a class, also one that is extended', () => {
    class Cart {
      static readonly limit = 5;
      readonly items: number;
      constructor(items: number) {
        this.items = items;
      }
    }
    const Counted = counted(Cart as never, () => record(0)) as unknown as typeof Cart;
    class BigCart extends Counted {}
    expect(new Counted(3)).to.be.instanceOf(Cart).and.include({ items: 3 });
    expect(new BigCart(4)).to.be.instanceOf(BigCart).and.include({ items: 4 });
    expect(Counted.limit).to.equal(5);
    expect(() => (Counted as unknown as () => void)()).to.throw(TypeError, /class constructor/i); // each runtime has its own words
    expect(recorded).to.have.length(3);
  });

  it('that returns a promise is timed until it is settled', async () => {
    let finish: (value: string) => void = () => {};
    const wrapper = timed(() => new Promise<string>((resolve) => (finish = resolve)), record);
    const promise = wrapper();
    await Promise.resolve();
    expect(recorded).to.have.length(0);
    finish('done');
    expect(await promise).to.equal('done');
    expect(recorded).to.have.length(1);
  });

  it('that rejects gives the same error, and own properties of the promise stay', async () => {
    const error = new Error('original');
    const promise = timed(
      () => Object.assign(Promise.reject(error), { cancel: () => 'cancelled' }),
      record,
    )();
    expect(promise.cancel()).to.equal('cancelled');
    expect(await promise.catch((caught: unknown) => caught)).to.equal(error);
    expect(recorded).to.have.length(1);
  });

  it('that returns a thenable does not start its work, and is timed once when it is settled', async () => {
    let started = 0;
    class Query {
      then(onFulfilled?: (rows: number) => unknown): Promise<unknown> {
        started++;
        return Promise.resolve(7).then(onFulfilled);
      }
    }
    const query = timed(() => new Query(), record)();
    expect(query).to.be.instanceOf(Query);
    await Promise.resolve();
    expect([started, recorded.length]).to.deep.equal([0, 0]);
    expect(await query).to.equal(7);
    expect([started, recorded.length]).to.deep.equal([1, 1]);
    await query;
    expect([started, recorded.length]).to.deep.equal([2, 1]);
  });

  it('that returns a subclass of Promise gives that very object, rejections included', async () => {
    class Task<T> extends Promise<T> {}
    const error = new Error('original');
    const task = new Task((_, reject) => reject(error));
    const returned = timed(() => task, record)();
    expect(returned).to.equal(task);
    expect(await returned.catch((caught: unknown) => caught)).to.equal(error);
    expect(recorded).to.have.length(1);
  });

  it('that returns a frozen thenable, or one whose then throws, is timed to its return', () => {
    const frozen = Object.freeze({ then: () => undefined });
    expect(timed(() => frozen, record)()).to.equal(frozen);
    const hostile = {
      get then(): never {
        throw new Error('no');
      },
    };
    expect(timed(() => hostile, record)()).to.equal(hostile);
    expect(recorded).to.have.length(2);
  });

  it('whose rejection nobody handles still ends the process, once, and one that is handled does not', async () => {
    const unhandled = await programs.node([programFile('wrapped-rejection'), 'unhandled']).ended();
    expect(unhandled.code).to.equal(1);
    // Bun and Deno write `error:` before it, and Bun the line of the source, too.
    expect(unhandled.stderr.match(/^.*error: original rejection/gim)).to.have.length(1);
    expect(await programs.node([programFile('wrapped-rejection'), 'handled']).ended()).to.include({
      code: 0,
      stderr: '',
    });
  });

  it('records by name, for time and for count', async () => {
    const { statsd, sent } = makeClient();
    const search = statsd.count(
      'searches',
      statsd.time(['search', 'all'], (words: string) => `found ${words}`),
    );
    expect(search('shoes')).to.equal('found shoes');
    expect((await sent()).join()).to.match(/^searches:1\|c::search:[\d.]+\|ms::all:[\d.]+\|ms$/);
  });
});
