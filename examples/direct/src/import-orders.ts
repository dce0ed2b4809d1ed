import { setTimeout as delay } from 'node:timers/promises';
import { Statsd } from '@afstatsd/core';
import { type Order, parseOrder } from './order.js';

// All of this job's metrics begin with `orders.`
const metrics = Statsd.child({ prefix: 'orders' });

// Counted for each row of files that may be long: a bound counter saves the look-up by name.
const rowsRead = metrics.createCounter('rows');

let waiting = 0;
// Read at each flush. The last one sends 0, so that no server keeps a value from the middle of an import.
metrics.gauge('waiting', () => waiting);

/** Timed from the call until its promise is settled. One that rejects is timed, too. */
const save = metrics.time('save', async (order: Order): Promise<void> => {
  await delay(2); // the database
  if (order.country === 'XX') throw new Error(`no such country: ${order.country}`);
});

/** Imports the rows of an export, and returns how many orders that were. */
export async function importOrders(rows: readonly string[], exportedAt: Date): Promise<number> {
  metrics.gauge('export_rows', rows.length);
  waiting += rows.length;
  let imported = 0;
  for (const row of rows) {
    waiting--;
    rowsRead.increment();
    if (await importOrder(row, exportedAt)) imported++;
  }
  return imported;
}

async function importOrder(row: string, exportedAt: Date): Promise<boolean> {
  try {
    const order = parseOrder(row);
    await save(order);
    metrics.increment('imported', { tags: { country: order.country } });
    metrics.updateStats('revenue_cents', order.cents);
    metrics.set('customers', order.customer);
    // A duration that is known from the data.
    metrics.timing('age', exportedAt.getTime() - order.placedAt.getTime());
    return true;
  } catch (error) {
    metrics.increment('refused', { tags: { reason: error instanceof TypeError ? 'unreadable' : 'unsaved' } });
    return false;
  }
}
