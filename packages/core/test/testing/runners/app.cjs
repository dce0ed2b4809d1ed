// An app under test, which records through the shared client as apps do.
const { Statsd } = require('@afstatsd/core');

const checkout = Statsd.time('checkout', (run) => run());

module.exports = {
  placeOrder(method) {
    Statsd.increment('orders', { tags: { method, region: 'eu' } });
    checkout(() => {});
  },
  later: (ms) => setTimeout(() => Statsd.increment('late', { tags: { after: Date.now() } }), ms),
  stock: (value) => Statsd.gauge('stock', value),
  visit: (user) => Statsd.set('visitors', user),
};
