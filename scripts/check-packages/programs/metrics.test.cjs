// A test of a user's, for Jest.
/* global expect, test */
const { MemoryTransport, Statsd } = require('@afstatsd/core');

function placeOrder(cents) {
  Statsd.increment('orders', { tags: { method: 'card' } });
  Statsd.updateStats('revenue_cents', cents);
}

test('an order is counted', async () => {
  const memory = new MemoryTransport();
  Statsd.setTransport(memory);
  placeOrder(4999);
  await Statsd.flush();
  expect(memory.metrics).toEqual([
    { type: 'counter', name: 'orders', tags: [['method', 'card']], value: 1, rate: 1 },
    { type: 'counter', name: 'revenue_cents', value: 4999, rate: 1 },
  ]);
  expect(memory.find('orders', { method: 'card' })).toHaveLength(1);
});
