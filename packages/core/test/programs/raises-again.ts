import { Statsd } from '../../src/index.js';

// Handles SIGTERM once, cleans up, and raises it again from a timer, with nothing else left to do.
Statsd.configure({ transport: `mq://${process.argv[2]}?fallback=false` });
Statsd.increment('hits');
const alive = setInterval(() => {}, 1000);
process.once('SIGTERM', (signal) => {
  clearInterval(alive);
  setTimeout(() => {
    Statsd.increment('cleaned');
    process.kill(process.pid, signal);
  }, 20);
});
console.log('ready');
