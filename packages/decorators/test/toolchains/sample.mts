// The same program for every toolchain, in both modes: what is recorded doesn't depend on who compiled it.
import { Counted, Gauge, Timed } from '@afstatsd/decorators';

class Shop {
  @Timed('ecommerce.checkout') checkout(cart: string): string {
    return `paid ${cart}`;
  }

  @Timed search(): void {}

  @Counted visit(): void {}

  @Gauge get size(): number {
    return 3;
  }

  @Timed static open(): void {}

  @Timed async pay(): Promise<void> {
    throw new RangeError('declined');
  }

  @Timed *pages(): Generator<number> {
    yield 1;
    yield 2;
  }

  @Timed @Counted('orders', { on: 'success' }) @Gauge('order.items') order(items: number): number {
    return items;
  }
}

class Outlet extends Shop {
  @Timed override search(): void {
    super.search();
  }
}

@Timed
class Stock {
  static audit(): void {}

  take(): void {}

  @Counted count(): void {}

  @Timed.skip reserve(): void {}
}

export const classes = [Outlet, Stock];

const shop = new Outlet();
export const results: unknown[] = [shop.checkout('book'), shop.size, shop.order(4), ...shop.pages()];
shop.search();
shop.visit();
shop.visit();
Outlet.open();
await shop.pay().catch((error: unknown) => results.push(error instanceof RangeError));

const stock = new Stock();
stock.take();
stock.count();
stock.reserve();
Stock.audit();
