import { AFTransport, Statsd } from '@afstatsd/core';

/** An ordinary app: it records a known number of everything, and ends. Arguments: the queue's name, and its number. */
const [queue = '', number = '0'] = process.argv.slice(2);
Statsd.configure({
  transport: new AFTransport({ queue, fallback: false }),
  interval: 10,
  telemetry: true,
  exitTimeout: 60_000,
});

for (let i = 0; i < 5000; i++) {
  Statsd.increment('app.hits');
  Statsd.updateStats(`app.bytes.${i % 50}`, i);
  Statsd.increment('app.requests', { tags: { app: number, status: 200 + (i % 3) } });
}
for (let i = 1; i <= 200; i++) Statsd.timing('app.wait', i);
Statsd.decrement('app.balance');
Statsd.gauge('app.level', 1);
Statsd.gauge('app.level', -7.25);
Statsd.gauge(`app.number.${number}`, Number(number));
for (const name of ['ann', 'bob', number]) Statsd.set('app.users', name);
