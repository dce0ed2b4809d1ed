import { series } from '../demo/series.js';
import {
  newTally,
  type Tally,
  tallyCount,
  tallyGauge,
  tallyMember,
  tallyTimedCall,
  tallyTiming,
} from '../demo/tally.js';

/** What must be recorded, by what the shop's visitors did and were answered: a tally that is made without afstatsd. */
export class Happened {
  readonly tally: Tally = newTally();

  /** @param route - its template. */
  request(service: Service, method: string, route: string, status: number): void {
    const tags = { method: method.toLowerCase(), route, status: `${Math.floor(status / 100)}xx` };
    tallyTimedCall(this.tally, series(`${service}.http.request`, tags));
  }

  pageView(route: string): void {
    tallyCount(this.tally, series('storefront.website.pageviews', { route }), 1);
  }

  aborted(route: string): void {
    tallyCount(this.tally, series('storefront.http.aborted', { method: 'get', route }), 1);
  }

  /** What an answer to `POST /api/checkout` says about the way there. */
  checkout({ customer, method, status, cents, invoiceMs }: CheckoutAnswer): void {
    const { tally } = this;
    this.request('storefront', 'POST', '/api/checkout', status);
    tallyTimedCall(tally, 'storefront.checkout');
    tallyGauge(tally, 'storefront.checkouts_running', 0);
    if (status !== 201) tallyCount(tally, 'storefront.checkout.errors', 1);
    this.#reserved(status);
    if (status === 402) this.delivered(1);
    if (status !== 201) return;
    tallyCount(tally, 'storefront.orders', 1);
    tallyCount(tally, series('storefront.payments', { method }), 1);
    tallyCount(tally, 'storefront.revenue_cents', cents!);
    tallyMember(tally, 'storefront.customers', customer);
    tallyTiming(tally, 'storefront.invoice_render', invoiceMs!);
  }

  delivered(units: number): void {
    this.request('inventory', 'POST', '/stock/:sku/deliveries', 204);
    tallyCount(this.tally, 'inventory.stock.delivered_units', units);
  }

  /** What the inventory said at last. */
  stock(units: number): void {
    this.request('inventory', 'GET', '/stock', 200);
    tallyGauge(this.tally, 'inventory.stock.units', units);
  }

  #reserved(status: number): void {
    const isSoldOut = status === 409;
    this.request('inventory', 'POST', '/stock/:sku/reservations', isSoldOut ? 409 : 201);
    tallyTimedCall(this.tally, 'inventory.stock.reserve');
    if (isSoldOut) tallyCount(this.tally, 'inventory.stock.reserve.errors', 1);
  }
}

export type Service = 'inventory' | 'storefront';

export interface CheckoutAnswer {
  readonly customer: string;
  readonly method: string;
  /** 201, 402: the card was declined, or 409: sold out. */
  readonly status: number;
  /** What was paid, and how long the invoice took in ms; of 201 only. */
  readonly cents: number | undefined;
  readonly invoiceMs: number | undefined;
}
