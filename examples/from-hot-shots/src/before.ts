import { setTimeout as sleep } from 'node:timers/promises';
import { StatsD } from 'hot-shots';

export async function checkout(): Promise<void> {
  const statsd = new StatsD({
    host: process.env['STATSD_HOST'] ?? '127.0.0.1',
    port: Number(process.env['STATSD_PORT'] ?? 8125),
    prefix: 'shop',
    globalTags: { region: 'eu' },
    errorHandler: (error) => console.error(error.message),
  });

  statsd.increment('orders', { method: 'card' });
  statsd.increment('orders', { method: 'card' });
  statsd.increment('orders', { method: 'invoice' });
  statsd.increment(['page_views', 'page_views.cart'], 1);
  statsd.increment('revenue_cents', 4999);
  statsd.decrement('stock', 2);
  statsd.gauge('cart_items', 3);
  statsd.gauge('balance', -5);
  statsd.set('customers', 'anna');
  statsd.set('customers', 'anna');
  statsd.timing('checkout', 87.2, { method: 'card' });
  statsd.timing('checkout', 12, { method: 'card' });

  const render = statsd.timer(() => JSON.stringify({ items: 3 }), 'render');
  const pay = statsd.asyncTimer(async () => sleep(5), 'payment');
  render();
  await pay();

  const provider = statsd.childClient({ globalTags: { provider: 'acme' } });
  provider.increment('refunds', { reason: 'damaged' });

  await new Promise<void>((resolve, reject) => {
    statsd.close((error) => (error ? reject(error) : resolve()));
  });
}
