import { Statsd } from '../../src/index.js';
import { sendToQueue, stay } from './to-queue.js';

// Records once more when it is told to, with an interval that doesn't end any more.
sendToQueue({ interval: 10 });
Statsd.increment('first');
process.once('message', () => {
  Statsd.configure({ interval: 60_000 });
  // A run that the short interval has begun would take the second one with it.
  void Statsd.flush().then(() => {
    Statsd.increment('second');
    console.log('recorded');
  });
});
stay();
