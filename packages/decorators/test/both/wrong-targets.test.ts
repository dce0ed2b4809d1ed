import { Counted, Gauge, Timed } from '@afstatsd/decorators';
import { useRecorded } from '@afstatsd/testing';
import { expect } from 'chai';
import { mode } from '../support/mode.js';

/** A decorator that is called as a function. */
type Called = (...args: unknown[]) => void;

const POLL = 'Gauge.poll takes an object whose class has members with @Gauge({ poll: true })';

describe(`what no decorator is for (${mode} decorators)`, () => {
  const { statsd } = useRecorded();
  const FUNCTIONS: Readonly<Record<string, () => unknown>> = {
    'a function': () => function () {},
    'a named function': () => function checkout() {},
    'an arrow function': () => () => {},
    'an async function': () => async function () {},
    'a generator function': () => function* () {},
    'a method': () => ({ pay() {} }).pay,
  };

  for (const [name, decorator] of Object.entries({ Timed, Counted, Gauge })) {
    for (const [what, make] of Object.entries(FUNCTIONS)) {
      it(`@${name} of ${what} is a TypeError`, () => {
        const message = `@${name} is for methods, getters and classes; Statsd.time and Statsd.count wrap a function`;
        const made = (decorator as (name: string) => unknown)('x') as Called;
        expect(() => (decorator as unknown as Called)(make())).to.throw(TypeError, message);
        expect(() => made(make())).to.throw(TypeError, message);
      });
    }
  }

  it('a function with members, or below another one, is a class that was compiled', () => {
    function Shop(): void {}
    Shop.prototype = Object.defineProperty({ constructor: Shop }, 'pay', {
      value: () => 5,
      writable: true,
      configurable: true,
    });
    function Market(): void {}
    Market.prototype = Object.create(Shop.prototype);
    for (const made of [Shop, Market]) {
      expect(() => (Timed('x', { statsd }) as unknown as Called)(made)).to.not.throw();
    }
  });

  it('Gauge.poll of what has no polled member is a TypeError', () => {
    class Shop {
      @Gauge('size', { statsd }) size(): number {
        return 5;
      }
    }
    for (const value of [{}, [], new Shop(), Shop, Object.create(null), () => {}, null, undefined, 5, 'x']) {
      expect(() => Gauge.poll(value as object)).to.throw(TypeError, POLL);
    }
  });

  it('Gauge.poll of an instance whose polled member is disabled, or above, is fine', () => {
    class Off {
      @Gauge('off', { statsd, poll: true, enabled: false }) get size(): number {
        return 5;
      }
      constructor() {
        Gauge.poll(this);
      }
    }
    class On {
      @Gauge('on', { statsd, poll: true }) get size(): number {
        return 5;
      }
      constructor() {
        Gauge.poll(this);
      }
    }
    class Below extends On {
      override get size(): number {
        return 6;
      }
    }
    for (const made of [Off, On, Below]) expect(() => new made()).to.not.throw();
  });
});
