import { Statsd } from '@afstatsd/core';

// Records 300 orders with a tag, all defaults but AFSTATSD_URL, and ends: at once, or after the first flush of the interval.
const [how = 'at once'] = process.argv.slice(2);
for (let i = 0; i < 300; i++)
  Statsd.increment('orders', { tags: { method: i % 3 === 0 ? 'cash' : 'card', path: '/a::b' } });

if (how === 'at once') process.exit();
const look = setInterval(() => {
  if (Statsd.stats().pending === 0) clearInterval(look);
}, 10);
