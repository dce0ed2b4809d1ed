import { Statsd } from '../../src/index.js';
import { said } from './to-queue.js';

// Records one sample, and does something of its own as it exits. What it sends to is in AFSTATSD_URL.
const { way } = said as { way: string };
const hit = (): void => Statsd.increment('hits');

const WAYS: Readonly<Record<string, () => unknown>> = {
  'a listener from before the first sample calls process.exit': () => {
    process.on('exit', () => process.exit(4));
    hit();
  },
  'a listener from before the first sample throws': () => {
    process.on('exit', () => {
      throw new Error('on purpose');
    });
    hit();
  },
  'a listener that was prepended later calls process.exit': () => {
    hit();
    process.prependListener('exit', () => process.exit(5));
  },
  'a listener that was prepended later throws': () => {
    hit();
    process.prependListener('exit', () => {
      throw new Error('on purpose');
    });
  },
  'a listener records the first sample of all': () => {
    process.on('exit', hit);
  },
  'a listener records two samples more': () => {
    hit();
    process.on('exit', () => {
      hit();
      hit();
    });
  },
  'all listeners are removed, and a flush comes before the end': async () => {
    Statsd.configure({ interval: 20 });
    Statsd.increment('before');
    process.removeAllListeners('exit');
    const messages = (): number => Statsd.stats().transport.messages;
    for (const sent = messages(); messages() === sent;)
      await new Promise((resolve) => setTimeout(resolve, 5));
    hit();
  },
  'the callback of a gauge calls process.exit': () => {
    hit();
    let calls = 0;
    Statsd.gauge('read', () => {
      if (calls++ === 0) process.exit(6);
      return 1;
    });
  },
};

WAYS[way]!();
