import { Statsd } from '@afstatsd/core';

/** An app that has had a request, and no failed payment yet. The queue and the fallback come from the environment. */
Statsd.createCounter('payment.failed', { tags: { provider: 'acme' } });
Statsd.increment('requests');
Statsd.configure({ interval: 50 });
setInterval(() => {}, 1000);
