import { Counted, Gauge, Timed, instrumentedMethods } from '@afstatsd/decorators';
import { usePrograms, useRecorded } from '@afstatsd/testing';
import { expect } from 'chai';
import 'reflect-metadata';
import { mode } from '../support/mode.js';
import { programFile } from '../support/program-file.js';

/** A decorator of somebody else's that leaves a note on the function, as those of NestJS do. */
const note =
  (key: string, value: unknown) =>
  (...[target, , descriptor]: unknown[]): void => {
    const fn = mode === 'standard' ? target : (descriptor as PropertyDescriptor).value;
    Reflect.defineMetadata(key, value, fn as object);
  };

describe(`metadata (${mode} decorators)`, () => {
  const programs = usePrograms();
  const recorded = useRecorded();
  const { statsd } = recorded;
  const refund = Symbol('refund');

  class Base {
    @Counted('base.calls', { statsd }) search(): void {}
    @Timed({ statsd }) close(): void {}
  }
  class Shop extends Base {
    @Timed('ecommerce.checkout', { statsd })
    @note('path', '/checkout')
    @note('method', 1)
    @Counted({ statsd, on: 'failure' })
    checkout(): void {}
    @Gauge('size', { statsd }) get size(): number {
      return 1;
    }
    @Timed({ statsd }) override search(): void {}
    @Timed({ statsd }) [refund](): void {}
    @Timed({ statsd }) static open(): void {}
  }

  it('of a function goes over to the wrapper, above and below, in both directions', () => {
    const { checkout } = Shop.prototype;
    expect(Reflect.getMetadata('path', checkout)).to.equal('/checkout');
    expect(Reflect.getMetadata('method', checkout)).to.equal(1);
  });

  it('says what is instrumented, with the names of the metrics', () => {
    const listed = instrumentedMethods(Shop).map(
      ({ class: owner, member, kind, static: isStatic, decorator, metrics }) => {
        const names = metrics.map(({ type, name }) => `${type} ${name}`);
        return [owner, member, isStatic ? `static ${kind}` : kind, decorator, ...names];
      },
    );
    expect(listed).to.deep.equal([
      ['Shop', 'checkout', 'method', 'Counted', 'counter Shop.checkout'],
      [
        'Shop',
        'checkout',
        'method',
        'Timed',
        'timer ecommerce.checkout',
        'counter ecommerce.checkout.errors',
      ],
      ['Shop', 'size', 'getter', 'Gauge', 'gauge size'],
      ['Shop', 'search', 'method', 'Timed', 'timer Shop.search', 'counter Shop.search.errors'],
      ['Shop', refund, 'method', 'Timed', 'timer Shop.refund', 'counter Shop.refund.errors'],
      ['Base', 'search', 'method', 'Counted', 'counter base.calls'],
      ['Base', 'close', 'method', 'Timed', 'timer Base.close', 'counter Base.close.errors'],
      ['Shop', 'open', 'static method', 'Timed', 'timer Shop.open', 'counter Shop.open.errors'],
    ]);
  });

  it('lists the names that are really recorded', async () => {
    const shop = new Shop();
    shop.checkout();
    shop.search();
    shop.close();
    shop[refund]();
    Shop.open();
    expect(shop.size).to.equal(1);
    const names = instrumentedMethods(Shop).flatMap(({ metrics }) =>
      metrics.map(({ type, name }) => `${type} ${name}`),
    );
    expect(names).to.include.members(Object.keys(await recorded.counts()));
  });

  for (const order of ['ours', 'ours 0.1', 'ours 0.2', '0.1 ours', '0.2 ours', '0.1 ours 0.2']) {
    it(`is kept with the polyfill of reflect-metadata loaded in this order: ${order}`, async () => {
      const { code, stdout, stderr } = await programs
        .node([programFile('polyfill'), ...order.split(' ')])
        .ended();
      expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
      expect(JSON.parse(stdout)).to.deep.equal({ found: ['noted', 'noted'], listed: 1 });
    });
  }
});
