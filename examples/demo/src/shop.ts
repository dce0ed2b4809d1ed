import { setTimeout as delay } from 'node:timers/promises';
import type { Instruments } from './instruments.js';

/** Between two groups of visitors, in ms. */
const TICK = 20;
const MOST_VISITORS_A_TICK = 5;
const CUSTOMERS = 500;

/** A random integer from `low` to `high`. */
const random = (low: number, high: number): number => low + Math.floor(Math.random() * (high - low + 1));
const oneIn = (n: number): boolean => random(1, n) === 1;

/** Visitors look at pages, some of them buy, and some payments fail. */
export class Shop {
  readonly #metrics: Instruments;
  readonly #pay: () => Promise<void>;
  readonly #checkouts = new Set<Promise<void>>();
  #ticker: NodeJS.Timeout | undefined;

  constructor(metrics: Instruments) {
    this.#metrics = metrics;
    this.#pay = metrics.timedPayment(payment);
  }

  open(): void {
    this.#metrics.watchRunningCheckouts(() => this.#checkouts.size);
    this.#ticker = setInterval(() => {
      for (let visitors = random(1, MOST_VISITORS_A_TICK); visitors > 0; visitors--) this.#visit();
    }, TICK);
  }

  /** Resolves when nobody is in the shop any more. */
  async close(): Promise<void> {
    clearInterval(this.#ticker);
    await Promise.all(this.#checkouts);
    this.#metrics.close();
  }

  #visit(): void {
    this.#metrics.customerSeen(`customer-${random(1, CUSTOMERS)}`);
    this.#metrics.pagesViewed(random(1, 8));
    if (!oneIn(4)) return;
    const items = random(1, 6);
    this.#metrics.cartFilled(items);
    const checkout = this.#checkOut(items).finally(() => this.#checkouts.delete(checkout));
    this.#checkouts.add(checkout);
  }

  async #checkOut(items: number): Promise<void> {
    const begin = performance.now();
    try {
      await this.#pay();
      this.#metrics.orderPlaced(items * random(199, 4999));
    } catch {
      this.#metrics.orderFailed();
    }
    this.#metrics.checkedOut(performance.now() - begin);
  }
}

async function payment(): Promise<void> {
  await delay(random(5, 80));
  if (oneIn(10)) throw new Error('the card was declined');
}
