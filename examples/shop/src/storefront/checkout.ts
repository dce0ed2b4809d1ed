import { setTimeout as delay } from 'node:timers/promises';
import { Statsd } from '@afstatsd/core';
import { Counted, Gauge, Timed } from '@afstatsd/decorators';
import { ARTICLES } from '../articles.js';
import type { InventoryClient } from './inventory-client.js';

/** What a customer sends; it can be anything. */
export interface Cart {
  readonly customer?: unknown;
  readonly sku?: unknown;
  /** How it is paid: `card` or `invoice`. */
  readonly method?: unknown;
  /** `declined` is no good card. */
  readonly card?: unknown;
}

/** The customer is told why, with this status of HTTP. */
class CheckoutRefused extends Error {
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

/** Sells what is in a cart. */
export class Checkout {
  readonly #inventory: InventoryClient;

  constructor(inventory: InventoryClient) {
    this.#inventory = inventory;
  }

  /**
   * @returns What was paid, in cents.
   * @throws CheckoutRefused, which counts as checkout.errors, and is no order.
   */
  @Timed('checkout')
  @Counted('orders', { on: 'success' })
  @Gauge('checkouts_running', { inFlight: true })
  async checkOut({ customer, sku: wanted, method, card }: Cart): Promise<number> {
    const sku = String(wanted);
    const cents = ARTICLES.get(sku);
    if (cents === undefined) throw new CheckoutRefused(`there is no article ${sku}`, 404);
    if (!(await this.#inventory.reserve(sku))) throw new CheckoutRefused(`${sku} is sold out`, 409);
    try {
      await pay(card);
    } catch (error) {
      await this.#inventory.giveBack(sku);
      throw error;
    }
    // Not what the customer sent: each value of a tag is a metric.
    Statsd.increment('payments', { tags: { method: method === 'card' ? 'card' : 'invoice' } });
    Statsd.updateStats('revenue_cents', cents);
    Statsd.set('customers', String(customer));
    return cents;
  }
}

/** Stands for a payment service. */
async function pay(card: unknown): Promise<void> {
  await delay(5 + Math.random() * 45);
  if (card === 'declined') throw new CheckoutRefused('the card was declined', 402);
}
