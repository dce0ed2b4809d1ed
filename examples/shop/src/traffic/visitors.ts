import { ARTICLES } from '../articles.js';
import { Client } from './client.js';
import { Happened } from './happened.js';
import { oneOf, random } from './random.js';

/** Between two groups of visitors, in ms. */
const TICK = 20;
const MOST_VISITORS_A_TICK = 3;
const CUSTOMERS = 500;
const DELIVERY = 25;
const SKUS = [...ARTICLES.keys()];

/** What a browser says of a page that somebody wants to see, and of one that it only expects to be wanted. */
const DOCUMENT = { 'sec-fetch-dest': 'document' };
const PREFETCH = { ...DOCUMENT, 'sec-purpose': 'prefetch' };

/** People and programs that visit the shop until they are told to stop. Some pay, some leave, some try paths that aren't there. */
export class Visitors {
  readonly happened: Happened = new Happened();
  readonly #client = new Client();
  readonly #storefront: string;
  readonly #inventory: string;
  readonly #visits = new Set<Promise<void>>();
  #ticker: NodeJS.Timeout | undefined;
  #fail: (error: unknown) => void = () => {};
  /** Rejects when a visit fails: the shop wasn't there, or answered what it must not. */
  readonly failed: Promise<never>;
  /** What visitors do, each as often as it stands here. */
  readonly #habits: readonly (() => Promise<void>)[];

  constructor(storefront: string, inventory: string) {
    this.#storefront = storefront;
    this.#inventory = inventory;
    this.failed = new Promise((_, reject) => (this.#fail = reject));
    this.failed.catch(() => {});
    const often = [() => this.#home(), () => this.#article(), () => this.#prefetch(), () => this.#checkOut()];
    this.#habits = [
      ...often,
      ...often,
      ...often,
      () => this.#search(),
      () => this.#giveUp(),
      () => this.#failing(),
      () => this.#probe(),
      () => this.#unknownArticle(),
      () => this.#stockOf(),
      () => this.#health(),
    ];
  }

  /** Each habit is followed once at the beginning, and then by chance. */
  come(): void {
    for (const habit of this.#habits) this.#visit(habit);
    this.#ticker = setInterval(() => {
      for (let visitors = random(1, MOST_VISITORS_A_TICK); visitors > 0; visitors--)
        this.#visit(oneOf(this.#habits));
    }, TICK);
  }

  /** Resolves when all have gone, and the stock has been counted. */
  async leave(): Promise<void> {
    clearInterval(this.#ticker);
    while (this.#visits.size > 0) await Promise.all(this.#visits);
    const { body } = await this.#client.ask(`${this.#inventory}/stock`);
    this.happened.stock((body as { units: number }).units);
    this.#client.close();
  }

  #visit(habit: () => Promise<void>): void {
    const visit = habit()
      .catch((error: unknown) => this.#fail(error))
      .finally(() => this.#visits.delete(visit));
    this.#visits.add(visit);
  }

  async #page(
    path: string,
    route: string,
    headers: Readonly<Record<string, string>> = DOCUMENT,
  ): Promise<void> {
    const { status } = await this.#client.ask(this.#storefront + path, { headers });
    this.happened.request('storefront', 'GET', route, status);
    if (status === 200 && headers === DOCUMENT) this.happened.pageView(route);
  }

  async #home(): Promise<void> {
    await this.#page('/', '/');
  }

  async #article(): Promise<void> {
    await this.#page(`/articles/${oneOf(SKUS)}`, '/articles/:sku');
  }

  async #prefetch(): Promise<void> {
    await this.#page(`/articles/${oneOf(SKUS)}`, '/articles/:sku', PREFETCH);
  }

  async #search(): Promise<void> {
    await this.#page(`/search?q=${oneOf(SKUS)}`, '/search');
  }

  /** Paths that nobody offers, each another one. */
  async #probe(): Promise<void> {
    await this.#page(`/admin/${random(1, 1e9)}.php`, 'unmatched');
  }

  async #unknownArticle(): Promise<void> {
    await this.#page(`/articles/${random(1, 1e9)}`, 'unmatched');
  }

  async #failing(): Promise<void> {
    await this.#page('/api/recommendations', '/api/recommendations');
  }

  async #giveUp(): Promise<void> {
    await this.#client.leave(`${this.#storefront}/api/reports/${random(2020, 2026)}`);
    this.happened.aborted('/api/reports/:year');
  }

  /** Isn't recorded. */
  async #health(): Promise<void> {
    await this.#client.ask(`${this.#inventory}/health`);
  }

  async #stockOf(): Promise<void> {
    const { status } = await this.#client.ask(`${this.#inventory}/stock/${oneOf([...SKUS, 'gloves'])}`);
    this.happened.request('inventory', 'GET', '/stock/:sku', status);
  }

  async #checkOut(): Promise<void> {
    const customer = `customer-${random(1, CUSTOMERS)}`;
    const sku = oneOf(SKUS);
    const method = oneOf(['card', 'invoice']);
    const card = random(1, 10) === 1 ? 'declined' : 'good';
    const cart = { customer, sku, method, card };
    const { status, body } = await this.#client.ask(`${this.#storefront}/api/checkout`, {
      method: 'POST',
      body: cart,
    });
    if (![201, 402, 409].includes(status)) throw new Error(`a checkout was answered with ${status}`);
    const { cents, invoiceMs } = body as { cents?: number; invoiceMs?: number };
    this.happened.checkout({ customer, method, status, cents, invoiceMs });
    if (status === 409) await this.#deliver(sku);
  }

  async #deliver(sku: string): Promise<void> {
    const url = `${this.#inventory}/stock/${sku}/deliveries`;
    await this.#client.ask(url, { method: 'POST', body: { units: DELIVERY } });
    this.happened.delivered(DELIVERY);
  }
}
