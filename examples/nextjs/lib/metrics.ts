import { Statsd } from '@afstatsd/core';

// The client is one for the process: what is configured here holds for route handlers, pages and server actions.
Statsd.configure({ prefix: 'shop' });
Statsd.gauge('memory.heap', () => process.memoryUsage().heapUsed);
