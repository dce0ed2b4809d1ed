// Every kind of member can be decorated, and keeps its type.
import { Counted, Gauge, Timed } from '@afstatsd/decorators';
import type { All, Same } from './same.js';

const refund = Symbol('refund');
const shared: unique symbol = Symbol.for('shared');

export class Shop {
  constructor(readonly region: string) {}

  @Timed bare(): void {}
  @Timed() called(): void {}
  @Timed('ecommerce.checkout') named(): void {}
  @Timed('ecommerce.checkout', { sampleRate: 0.5 }) namedWithOptions(): void {}
  @Timed({ sampleRate: 0.5 }) withOptions(): void {}
  @Timed(undefined, { sampleRate: 0.5 }) unnamed(): void {}

  @Timed generic<T extends object>(value: T): T[] {
    return [value];
  }

  price(book: string): number;
  price(books: readonly string[]): number[];
  @Counted price(books: string | readonly string[]): number | number[] {
    return typeof books === 'string' ? 5 : books.map(() => 5);
  }

  @Timed bound(this: Shop, times: number): string {
    return this.region.repeat(times);
  }

  @Timed async pay(cart: string, ...coupons: readonly string[]): Promise<{ cart: string; off: number }> {
    return { cart, off: coupons.length };
  }

  @Timed optional(book?: string, copies = 1): string {
    return `${copies} ${book}`;
  }

  @Timed *pages(): Generator<number, string, boolean> {
    const more = yield 1;
    return String(more);
  }

  @Timed async *lines(): AsyncGenerator<string> {
    yield 'a line';
  }

  @Gauge get size(): number {
    return 3;
  }

  @Gauge('shop.total', { poll: true, combine: 'max' }) get total(): number {
    return 5;
  }

  @Timed @Counted({ on: 'failure' }) @Gauge('order.items') order(items: number): number {
    return items;
  }

  @Gauge static get shops(): number {
    return 1;
  }

  @Timed static open(region: string): Shop {
    return new Shop(region);
  }

  @Counted() [refund](amount: bigint): bigint {
    return -amount;
  }

  @Counted('shared') [shared](): void {}

  @Timed.skip skipped(): void {}
  @Counted.skip @Gauge.skip static skippedBoth(): void {}
  @Timed.skip get skippedGetter(): number {
    return 1;
  }

  @Timed protected guarded(): void {}
  @Timed private hidden(): void {}
  use(): void {
    this.hidden();
  }
}

export class Outlet extends Shop {
  @Timed override pay(cart: string): Promise<{ cart: string; off: number }> {
    return super.pay(cart, 'OUTLET');
  }

  @Timed protected override guarded(): void {
    super.guarded();
  }
}

declare const shop: Outlet;
export type MemberTypes = All<
  [
    Same<typeof shop.generic, <T extends object>(value: T) => T[]>,
    Same<typeof shop.price, { (book: string): number; (books: readonly string[]): number[] }>,
    Same<typeof shop.bound, (this: Shop, times: number) => string>,
    Same<typeof shop.pay, (cart: string) => Promise<{ cart: string; off: number }>>,
    Same<typeof shop.optional, (book?: string, copies?: number) => string>,
    Same<typeof shop.pages, () => Generator<number, string, boolean>>,
    Same<typeof shop.lines, () => AsyncGenerator<string>>,
    Same<typeof shop.size, number>,
    Same<(typeof shop)[typeof refund], (amount: bigint) => bigint>,
  ]
>;

// @ts-expect-error a generic method still checks what it is called with
shop.generic('book');
// @ts-expect-error an overload that there isn't
shop.price(5);
const { bound } = shop;
// @ts-expect-error it needs its `this`
bound(1);
// @ts-expect-error a getter can't be assigned to
shop.size = 5;
