/** One order of another shop's export. */
export interface Order {
  readonly customer: string;
  readonly cents: number;
  readonly country: string;
  readonly placedAt: Date;
}

/**
 * Reads a row: customer, amount, country and time, with commas between.
 *
 * @throws TypeError for a row that isn't an order.
 */
export function parseOrder(row: string): Order {
  const [customer = '', amount = '', country = '', time = ''] = row.split(',');
  const cents = Math.round(Number(amount) * 100);
  const placedAt = new Date(time);
  // A country is a tag later on, which should have few values: nothing else gets through.
  const isOrder = customer !== '' && cents > 0 && /^[A-Z]{2}$/.test(country) && placedAt.getTime() > 0;
  if (!isOrder) throw new TypeError(`not an order: ${JSON.stringify(row)}`);
  return { customer, cents, country, placedAt };
}
