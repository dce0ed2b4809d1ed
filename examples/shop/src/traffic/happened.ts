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
    tallyTimedCall(this.tally, series('http.request', { service, ...tags }));
  }

  pageView(route: string): void {
    tallyCount(this.tally, atStorefront('website.pageviews', { route }), 1);
  }

  aborted(route: string): void {
    tallyCount(this.tally, atStorefront('http.aborted', { method: 'get', route }), 1);
  }

  /** What an answer to `POST /api/checkout` says about the way there. */
  checkout({ customer, method, status, cents, invoiceMs }: CheckoutAnswer): void {
    const { tally } = this;
    this.request('storefront', 'POST', '/api/checkout', status);
    tallyTimedCall(tally, atStorefront('checkout'));
    tallyGauge(tally, atStorefront('checkouts_running'), 0);
    if (status !== 201) tallyCount(tally, atStorefront('checkout.errors'), 1);
    this.#reserved(status);
    if (status === 402) this.delivered(1);
    if (status !== 201) return;
    tallyCount(tally, atStorefront('orders'), 1);
    tallyCount(tally, atStorefront('payments', { method }), 1);
    tallyCount(tally, atStorefront('revenue_cents'), cents!);
    tallyMember(tally, atStorefront('customers'), customer);
    tallyTiming(tally, atStorefront('invoice_render'), invoiceMs!);
  }

  delivered(units: number): void {
    this.request('inventory', 'POST', '/stock/:sku/deliveries', 204);
    tallyCount(this.tally, atInventory('stock.delivered_units'), units);
  }

  /** What the inventory said at last. */
  stock(units: number): void {
    this.request('inventory', 'GET', '/stock', 200);
    tallyGauge(this.tally, atInventory('stock.units'), units);
  }

  #reserved(status: number): void {
    const isSoldOut = status === 409;
    this.request('inventory', 'POST', '/stock/:sku/reservations', isSoldOut ? 409 : 201);
    tallyTimedCall(this.tally, atInventory('stock.reserve'));
    if (isSoldOut) tallyCount(this.tally, atInventory('stock.reserve.errors'), 1);
  }
}

export type Service = 'inventory' | 'storefront';

function atStorefront(name: string, tags: Readonly<Record<string, string>> = {}): string {
  return series(name, { service: 'storefront', ...tags });
}

function atInventory(name: string): string {
  return series(name, { service: 'inventory' });
}

export interface CheckoutAnswer {
  readonly customer: string;
  readonly method: string;
  /** 201, 402: the card was declined, or 409: sold out. */
  readonly status: number;
  /** What was paid, and how long the invoice took in ms; of 201 only. */
  readonly cents: number | undefined;
  readonly invoiceMs: number | undefined;
}
