import { Counted, Gauge, Timed } from '@afstatsd/decorators';

/** There is nothing left of an article. */
export class SoldOut extends Error {
  constructor(sku: string) {
    super(`${sku} is sold out`);
  }
}

/** How many of each article are there. */
export class Stock {
  readonly #units: Map<string, number>;

  constructor(skus: readonly string[], unitsEach: number) {
    this.#units = new Map(skus.map((sku) => [sku, unitsEach]));
  }

  /** Read at every flush. */
  @Gauge('stock.units', { poll: true })
  get total(): number {
    let total = 0;
    for (const units of this.#units.values()) total += units;
    return total;
  }

  /** @returns How many are left; undefined for an article that isn't sold here. */
  unitsOf(sku: string): number | undefined {
    return this.#units.get(sku);
  }

  /** @throws SoldOut, which counts as stock.reserve.errors. */
  @Timed('stock.reserve')
  reserve(sku: string): void {
    const units = this.#units.get(sku) ?? 0;
    if (units === 0) throw new SoldOut(sku);
    this.#units.set(sku, units - 1);
  }

  @Counted('stock.delivered_units', { delta: (_, [, units]: [sku: string, units: number]) => units })
  deliver(sku: string, units: number): void {
    this.#units.set(sku, (this.#units.get(sku) ?? 0) + units);
  }
}
