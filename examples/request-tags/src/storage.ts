import { setTimeout as wait } from 'node:timers/promises';
import { Statsd } from '@afstatsd/core';

/** It knows no tenant and no plan. */
export const readOrders: () => Promise<string[]> = Statsd.time('storage.read', async () => {
  await wait(1);
  Statsd.increment('storage.rows', { tags: { table: 'orders' } });
  return ['shoes', 'socks'];
});
