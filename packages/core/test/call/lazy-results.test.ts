import { expect } from 'chai';
import { timed } from '../../src/call/wrap.js';

/** A Proxy that makes its object when it is asked for anything, as tsyringe's `delay` and other containers have it. */
function lazy<T extends object>(make: () => T): T {
  const handler: Record<string, unknown> = {};
  for (const trap of Object.getOwnPropertyNames(Reflect) as (keyof typeof Reflect)[]) {
    handler[trap] = (_target: object, ...args: unknown[]): unknown =>
      Reflect.apply(Reflect[trap] as () => unknown, undefined, [make(), ...args] as never);
  }
  return new Proxy({}, handler) as T;
}

describe('what a timed function returns, if looking at it does work', () => {
  let recorded: number[];
  const record = (ms: number): void => void recorded.push(ms);
  beforeEach(() => (recorded = []));

  it('is not evaluated, if it is a lazy Proxy', () => {
    let made = 0;
    const value = lazy(() => ({ made: ++made }));
    expect(timed(() => value, record)() === value).to.equal(true);
    expect(made).to.equal(0);
    expect(recorded).to.have.length(1);
    expect(value.made).to.equal(1);
  });

  it('is not evaluated, if two lazy Proxies hold each other', () => {
    let made = 0;
    interface Part {
      readonly other: Part;
      readonly name: string;
    }
    const resolve = timed(
      (name: string): Part => lazy(() => ({ name: (made++, name), other: resolve(`${name}'`) })),
      record,
    );
    const part = resolve('a');
    expect(made).to.equal(0);
    expect(part.other.other.name).to.equal("a''");
    expect(made).to.equal(3);
    expect(recorded).to.have.length(4);
  });

  it('has its getters read by nobody, whatever they are called', () => {
    const read: string[] = [];
    const getters = ['then', 'next', 'return', 'throw', 'subscribe', 'pipe', 'constructor', '@@observable'];
    const own = {};
    for (const key of getters) {
      Object.defineProperty(own, key, { get: () => void read.push(key), configurable: true });
    }
    for (const value of [own, Object.create(own) as object]) {
      expect(timed(() => value, record)()).to.equal(value);
    }
    expect(read).to.deep.equal([]);
    expect(recorded).to.have.length(2);
  });

  it('has a getter `then` read once by who awaits it, as without us', async () => {
    let reads = 0;
    const thenable = {
      get then() {
        reads++;
        return (done: (value: number) => void) => done(5);
      },
    };
    expect(await timed(() => thenable, record)()).to.equal(5);
    expect(reads).to.equal(1);
    expect(recorded).to.have.length(1);
  });

  it('lets a stack overflow through, and is recorded', () => {
    const endless = (): boolean => !endless(); // no tail call, which takes no stack in Bun
    const value = Object.create(new Proxy({}, { has: endless })) as object;
    expect(timed(() => value, record)).to.throw(RangeError, /call stack/i);
    expect(recorded).to.have.length(1);
    expect(recorded[0]).to.be.at.least(0);
  });

  it('counts as a plain value, if its prototype is a Proxy that refuses', () => {
    const refuse = (): never => {
      throw new Error('no');
    };
    const value = Object.create(new Proxy({}, { has: refuse, get: refuse })) as object;
    expect(timed(() => value, record)()).to.equal(value);
    expect(recorded).to.have.length(1);
  });
});
