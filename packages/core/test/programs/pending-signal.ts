import { Statsd } from '../../src/index.js';

// A signal comes while this program is busy, and before it is handled, listeners are added and options change.
Statsd.configure({ transport: 'null:' });
Statsd.increment('hits');
process.send!('busy', () => {
  const end = performance.now() + 500;
  while (performance.now() < end);
  process.on('exit', () => {});
  Statsd.configure({ handleSignals: true });
  setTimeout(() => {}, 60_000);
});
