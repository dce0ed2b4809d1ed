// node examples/from-afstatsd/dist/src/main.js: the calls of afstatsd 1.1.1 for Node.js (2014), unchanged. Only the first
// line of the program is another one:
//
//   var Statsd = require('afstatsd');
//
// What the Python client had besides comes after. The same messages reach the same queue: docs/migrating.md
import { Statsd } from '@afstatsd/core';

Statsd.increment('af.example.counter');
Statsd.increment('af.example.counter');
Statsd.decrement('af.example.counter');
Statsd.updateStats('af.example.counter', 17);

Statsd.gauge('af.example.gauge', 100);
Statsd.gauge('af.example.gauge', 50);

Statsd.timing('ecommerce.checkout', 237);
Statsd.timing('ecommerce.checkout', 12);

// Python: Statsd.increment(['website.pageviews', 'website.pageviews.cart'])
Statsd.increment(['website.pageviews', 'website.pageviews.cart']);

// Python: @Statsd.count('website.logins'), above a function
const logIn = Statsd.count('website.logins', (user: string) => `hello ${user}`);

// Python: @Statsd.time('website.search'), above a function. Here, as with count, a function that returns a promise works too.
const search = Statsd.time('website.search', (words: string) => `found ${words}`);

console.log(logIn('anna'));
console.log(search('shoes'));

// Python: Statsd.set_aggregation(False). From here on each call is a message of its own.
Statsd.setAggregation(false);
Statsd.increment('website.logouts');
Statsd.increment('website.logouts');
