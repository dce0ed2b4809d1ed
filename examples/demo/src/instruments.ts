import { Statsd } from '@afstatsd/core';
import {
  newTally,
  type Tally,
  tallyCount,
  tallyGauge,
  tallyMember,
  tallyTimedCall,
  tallyTiming,
} from './tally.js';

/**
 * The metrics of the shop. Everything is recorded twice: with Statsd, and in a tally of the demo's own, which the demo
 * compares in the end with what came out of the collector.
 */
export class Instruments {
  readonly tally: Tally = newTally();
  readonly #pageViews = Statsd.createCounter('shop.page_views');
  #endOfGauge: () => void = () => {};

  pagesViewed(pages: number): void {
    this.#pageViews.increment(pages);
    tallyCount(this.tally, 'shop.page_views', pages);
  }

  customerSeen(customer: string): void {
    Statsd.set('shop.customers', customer);
    tallyMember(this.tally, 'shop.customers', customer);
  }

  cartFilled(items: number): void {
    Statsd.gauge('shop.cart_items', items);
    tallyGauge(this.tally, 'shop.cart_items', items);
  }

  orderPlaced(cents: number): void {
    Statsd.increment('shop.orders');
    Statsd.updateStats('shop.revenue_cents', cents);
    tallyCount(this.tally, 'shop.orders', 1);
    tallyCount(this.tally, 'shop.revenue_cents', cents);
  }

  orderFailed(): void {
    Statsd.increment('shop.orders_failed');
    tallyCount(this.tally, 'shop.orders_failed', 1);
  }

  checkedOut(ms: number): void {
    Statsd.timing('shop.checkout', ms);
    tallyTiming(this.tally, 'shop.checkout', ms);
  }

  /** The same function, timed by Statsd: also the calls that fail. */
  timedPayment<F extends (...args: never) => Promise<void>>(pay: F): F {
    const timed = Statsd.time('shop.payment', pay);
    return ((...args: never) => {
      tallyTimedCall(this.tally, 'shop.payment');
      return timed(...args);
    }) as F;
  }

  /** Has a number read at every flush, until `close`. */
  watchRunningCheckouts(read: () => number): void {
    this.#endOfGauge = Statsd.gauge('shop.checkouts_running', () => {
      const running = read();
      tallyGauge(this.tally, 'shop.checkouts_running', running);
      return running;
    });
  }

  close(): void {
    this.#endOfGauge();
  }
}
