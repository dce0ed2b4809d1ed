import { AFTransport, Statsd } from '@afstatsd/core';

/**
 * Records until it is told to stop, and says what it has recorded. Timings are whole numbers, so that sums are exact.
 * Arguments: the queue's name, and what makes this client's members of sets its own.
 */
const [queue = '', id = ''] = process.argv.slice(2);
Statsd.configure({
  transport: new AFTransport({ queue, fallback: false }),
  interval: 20,
  telemetry: true,
  // Past it, sums of timings are no longer exact: that many may wait while no collector runs.
  maxSamples: Infinity,
  handleSignals: false,
});

const recorded = { hits: 0, waits: 0, waited: 0, members: 0 };
const timer = setInterval(() => {
  for (let i = 0; i < 20; i++) {
    Statsd.increment('hits');
    recorded.hits++;
  }
  const ms = 1 + (recorded.waits % 97);
  Statsd.timing('wait', ms);
  recorded.waits++;
  recorded.waited += ms;
  if (recorded.members < 100) Statsd.set('users', `${id}-${recorded.members++}`);
}, 1);

process.once('message', () => {
  clearInterval(timer);
  void Statsd.shutdown({ timeout: 60_000 }).then(() => {
    process.send!({ recorded, stats: Statsd.stats() }, () => process.disconnect());
  });
});
// Not for ever, should the test be gone.
process.once('disconnect', () => process.exit());
process.send!('recording');
