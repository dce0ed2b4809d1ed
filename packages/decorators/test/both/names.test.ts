import { Counted, Timed } from '@afstatsd/decorators';
import { useRecorded } from '@afstatsd/testing';
import { expect } from 'chai';
import { mode } from '../support/mode.js';

describe(`the name of a metric (${mode} decorators)`, () => {
  const recorded = useRecorded();
  const { statsd } = recorded;
  const described = Symbol('refund');

  class Shop {
    @Timed('ecommerce.checkout', { statsd }) checkout(): void {}
    @Timed({ statsd }) search(): void {}
    @Timed(undefined, { statsd }) list(): void {}
    @Timed({ statsd }) static open(): void {}
    @Timed({ statsd }) get total(): number {
      return 5;
    }
    @Counted({ statsd }) [described](): void {}
  }
  class Outlet extends Shop {
    @Timed({ statsd }) override search(): void {
      super.search();
    }
  }

  it('is the one given, or class and member', async () => {
    const shop = new Shop();
    shop.checkout();
    shop.search();
    shop.list();
    Shop.open();
    expect(shop.total).to.equal(5);
    shop[described]();
    expect(await recorded.counts()).to.deep.equal({
      'timer ecommerce.checkout': 1,
      'timer Shop.search': 1,
      'timer Shop.list': 1,
      'timer Shop.open': 1,
      'timer Shop.total': 1,
      'counter Shop.refund': 1,
    });
  });

  it('is that of the class that has the method, also where a subclass is used, and at each level of super calls', async () => {
    const outlet = new Outlet();
    outlet.search();
    outlet.list();
    Outlet.open();
    expect(await recorded.counts()).to.deep.equal({
      'timer Outlet.search': 1,
      'timer Shop.search': 1,
      'timer Shop.list': 1,
      'timer Shop.open': 1,
    });
  });
});
