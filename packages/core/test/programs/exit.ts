import { Statsd } from '../../src/index.js';
import { recordAll, said, sendToQueue } from './to-queue.js';

// Records, unless it is to be silent, and ends in one of many ways.
const { way, silent } = said as { way: keyof typeof WAYS; silent?: boolean };

const fail = (): never => {
  throw new Error('on purpose');
};

const WAYS = {
  'falls off the end': () => {},
  'sets exitCode': () => void (process.exitCode = 3),
  'calls process.exit': () => process.exit(),
  'calls process.exit in a callback': () => void setTimeout(() => process.exit(3), 1),
  throws: fail,
  'throws in a callback': () => void setTimeout(fail, 1),
  'leaves a rejection unhandled': () => void Promise.reject(new Error('on purpose')),
  'throws in a gauge callback': () => void Statsd.gauge('bad', fail),
  'has a logger that throws': () => Statsd.configure({ logger: { warn: fail, info: fail }, onError: fail }),
  'records as it exits': () => void process.on('exit', () => Statsd.increment(['late', 'late', 'later'])),
  'throws as it exits': () => {},
  'calls process.exit as it exits': () => {},
};

/** What stands before our own listener of `exit`. */
const FIRST: { [W in keyof typeof WAYS]?: () => void } = {
  'records as it exits': () => Statsd.increment('early'),
  'throws as it exits': fail,
  'calls process.exit as it exits': () => process.exit(4),
};

const first = FIRST[way];
if (first !== undefined) process.on('exit', first);
sendToQueue();
if (!silent) recordAll();
WAYS[way]();
