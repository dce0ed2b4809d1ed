import { Statsd } from '@afstatsd/core';
import { type TypedClient, defineMetrics } from '@afstatsd/core/catalogue';
import { decoratorsOf } from '@afstatsd/decorators';

const catalogue = defineMetrics({
  'shop.orders': {
    kind: 'counter',
    help: 'Orders.',
    tags: {
      method: ['card', 'cash'],
      region: 'string',
      attempt: { values: [1, 2], optional: true },
      voucher: { values: 'boolean', help: 'Whether there was one.', optional: true },
    },
  },
  'shop.checkout': { kind: 'timer', help: 'Checkouts.', tags: { provider: ['acme', 'umbrella'] } },
  'shop.stock': { kind: 'gauge', help: 'Stock.', unit: 'items' },
  'shop.visitors': { kind: 'set', help: 'Visitors.' },
  'shop.basket': { kind: 'histogram', help: 'Baskets.', unit: 'euros', tags: { size: 'number' } },
  'shop.weight': { kind: 'distribution', help: 'Weights.' },
});
const statsd = catalogue.typed(Statsd);
const right = { tags: { method: 'card', region: 'eu' } } as const;

// Counters.
statsd.increment('shop.orders', right);
statsd.increment('shop.orders', {
  tags: { method: 'cash', region: 'eu', voucher: true, attempt: 2 },
  sampleRate: 0.5,
});
statsd.increment('shop.orders', {
  tags: { method: 'cash', region: 'eu', voucher: undefined, attempt: null },
});
statsd.decrement('shop.orders', right);
statsd.updateStats('shop.orders', 3, right);
// @ts-expect-error -- no tags
statsd.increment('shop.orders');
// @ts-expect-error -- a tag is missing
statsd.increment('shop.orders', { tags: { method: 'card' } });
// @ts-expect-error -- a wrong value
statsd.increment('shop.orders', { tags: { method: 'cheque', region: 'eu' } });
// @ts-expect-error -- a wrong value
statsd.increment('shop.orders', { tags: { method: 'card', region: 'eu', attempt: 3 } });
// @ts-expect-error -- a wrong type
statsd.increment('shop.orders', { tags: { method: 'card', region: 'eu', voucher: 'yes' } });
// @ts-expect-error -- a tag that there isn't
statsd.increment('shop.orders', { tags: { method: 'card', region: 'eu', pod: 'a7' } });
// @ts-expect-error -- no such name
statsd.increment('shop.order', right);
// @ts-expect-error -- any name
statsd.increment('shop.orders'.toLowerCase(), right);
// @ts-expect-error -- another kind
statsd.increment('shop.checkout', { tags: { provider: 'acme' } });
// @ts-expect-error -- a number is a sample rate, and no tags
statsd.increment('shop.orders', 0.5);
// @ts-expect-error -- another kind
statsd.updateStats('shop.stock', 3);
// @ts-expect-error -- a tag is missing
statsd.decrement('shop.orders', { tags: { region: 'eu' } });

// Timers.
statsd.timing('shop.checkout', 12, { tags: { provider: 'acme' } });
const timer = statsd.createTimer('shop.checkout', { tags: { provider: 'umbrella' } });
timer.record(3);
const pay = (cents: number): string => String(cents);
const timed: typeof pay = statsd.time('shop.checkout', pay, { tags: { provider: 'acme' } });
timed(3);
statsd.time('shop.checkout', pay, { outcomeTags: () => ({ provider: 'acme' }) });
// @ts-expect-error -- no tags
statsd.timing('shop.checkout', 12);
// @ts-expect-error -- a wrong value
statsd.timing('shop.checkout', 12, { tags: { provider: 'acne' } });
// @ts-expect-error -- no tags
statsd.createTimer('shop.checkout');
// @ts-expect-error -- a wrong value
statsd.createTimer('shop.checkout', { tags: { provider: 'acne' } });
// @ts-expect-error -- no tags
statsd.time('shop.checkout', pay);
// @ts-expect-error -- a wrong value
statsd.time('shop.checkout', pay, { outcomeTags: () => ({ provider: 'acne' }) });

// Gauges, sets and values.
statsd.gauge('shop.stock', 7);
statsd.gauge('shop.stock', 7, { tags: {} });
const stop: () => void = statsd.gauge('shop.stock', () => 7, { combine: 'max' });
stop();
statsd.createGauge('shop.stock').set(7);
statsd.set('shop.visitors', 'ann');
statsd.createSet('shop.visitors').add(42);
statsd.histogram('shop.basket', 12, { tags: { size: 3 } });
statsd.distribution('shop.weight', 12);
statsd.createCounter('shop.orders', right).increment();
statsd.count('shop.orders', pay, right);
// @ts-expect-error -- it has no tags
statsd.gauge('shop.stock', 7, { tags: { shelf: 'a' } });
// @ts-expect-error -- it has no tags
statsd.createGauge('shop.stock', { tags: { shelf: 'a' } });
// @ts-expect-error -- another kind
statsd.gauge('shop.visitors', 7);
// @ts-expect-error -- it has no tags
statsd.set('shop.visitors', 'ann', { tags: { shelf: 'a' } });
// @ts-expect-error -- a wrong type
statsd.histogram('shop.basket', 12, { tags: { size: 'small' } });
// @ts-expect-error -- another kind
statsd.distribution('shop.basket', 12, { tags: { size: 3 } });
// @ts-expect-error -- no tags
statsd.createCounter('shop.orders');
// @ts-expect-error -- no tags
statsd.count('shop.orders', pay);

// Child clients.
const inEurope = statsd.child({ prefix: 'shop', tags: { region: 'eu' } });
inEurope.increment('orders', { tags: { method: 'card' } });
inEurope.increment('orders', { tags: { method: 'card', region: 'us' } });
statsd.child({ prefix: 'shop.' }).gauge('stock', 1);
statsd.child({ tags: { provider: 'acme' } }).timing('shop.checkout', 1);
statsd.child().gauge('shop.stock', 1);
// @ts-expect-error -- a tag is missing
inEurope.increment('orders');
// @ts-expect-error -- a wrong value
inEurope.increment('orders', { tags: { method: 'cheque' } });
// @ts-expect-error -- the prefix is there already
inEurope.increment('shop.orders', { tags: { method: 'card' } });

// The client's other methods, and its type.
export const flushed: Promise<unknown> = statsd.flush();
function record(client: TypedClient<typeof catalogue.metrics>): void {
  client.gauge('shop.stock', 1);
}
record(statsd);
// @ts-expect-error -- a client that may record anything
record(Statsd);

// Decorators.
const { Timed, Counted, Gauge } = decoratorsOf(catalogue);

export class Shop {
  @Timed('shop.checkout', { tags: { provider: 'acme' } })
  checkout(): number {
    return 1;
  }

  @Timed('shop.checkout', { tags: (self: Shop, [provider]: ['acme' | 'umbrella']) => ({ provider }) })
  pay(_provider: 'acme' | 'umbrella'): void {}

  @Timed('shop.checkout', { outcomeTags: () => ({ provider: 'acme' }), errors: () => false })
  async refund(): Promise<void> {}

  @Counted('shop.orders', { tags: { method: 'card', region: 'eu' }, on: 'success' })
  order(): void {}

  @Gauge('shop.stock', { poll: true })
  get stock(): number {
    return 7;
  }

  // @ts-expect-error -- no tags
  @Timed('shop.checkout')
  noTags(): void {}

  // @ts-expect-error -- a wrong value
  @Timed('shop.checkout', { tags: { provider: 'acne' } })
  wrongValue(): void {}

  // @ts-expect-error -- a function that gives a wrong value
  @Timed('shop.checkout', { tags: () => ({ provider: 'acne' }) })
  wrongFunction(): void {}

  // @ts-expect-error -- no such name
  @Timed('shop.chekout', { tags: { provider: 'acme' } })
  wrongName(): void {}

  // @ts-expect-error -- another kind
  @Counted('shop.checkout', { tags: { provider: 'acme' } })
  wrongKind(): void {}

  // @ts-expect-error -- a tag is missing
  @Counted('shop.orders', { tags: { region: 'eu' } })
  missing(): void {}

  // @ts-expect-error -- it has no tags
  @Gauge('shop.stock', { tags: { shelf: 'a' }, value: () => 1 })
  shelf(): void {}
}

// What is no catalogue.
// @ts-expect-error -- no description
defineMetrics({ a: { kind: 'counter' } });
// @ts-expect-error -- no such kind
defineMetrics({ a: { kind: 'count', help: 'A.' } });
// @ts-expect-error -- no such type of tags
defineMetrics({ a: { kind: 'counter', help: 'A.', tags: { b: 'text' } } });
