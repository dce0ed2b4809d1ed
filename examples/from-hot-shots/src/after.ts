import { setTimeout as sleep } from 'node:timers/promises';
import { Statsd } from '@afstatsd/core';

export async function checkout(): Promise<void> {
  // AFSTATSD_URL says where to; without it, the collector on this machine.
  Statsd.configure({
    prefix: 'shop',
    tags: { region: 'eu' },
    onError: (error) => console.error(error.message),
  });

  Statsd.increment('orders', { tags: { method: 'card' } });
  Statsd.increment('orders', { tags: { method: 'card' } });
  Statsd.increment('orders', { tags: { method: 'invoice' } });
  Statsd.increment(['page_views', 'page_views.cart']);
  Statsd.updateStats('revenue_cents', 4999);
  Statsd.updateStats('stock', -2);
  Statsd.gauge('cart_items', 3);
  Statsd.gauge('balance', -5);
  Statsd.set('customers', 'anna');
  Statsd.set('customers', 'anna');
  Statsd.timing('checkout', 87.2, { tags: { method: 'card' } });
  Statsd.timing('checkout', 12, { tags: { method: 'card' } });

  // One for both kinds of functions: a promise is timed until it is settled.
  const render = Statsd.time('render', () => JSON.stringify({ items: 3 }));
  const pay = Statsd.time('payment', async () => sleep(5));
  render();
  await pay();

  const provider = Statsd.child({ tags: { provider: 'acme' } });
  provider.increment('refunds', { tags: { reason: 'damaged' } });

  // What is pending leaves at the end of the process in any case; this waits for it.
  await Statsd.flush();
}
