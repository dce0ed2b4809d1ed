import { once } from 'node:events';
import { Worker, isMainThread } from 'node:worker_threads';
import { Statsd } from '../../src/index.js';
import { stay } from './to-queue.js';

/** What the program is told; where to send to is in AFSTATSD_URL. */
export interface UdpScript {
  readonly way:
    | 'records tags'
    | 'falls off the end'
    | 'calls process.exit'
    | 'throws'
    | 'waits for a signal'
    | 'counts fractions, flushes and falls off the end'
    | 'counts fractions, flushes and waits for a signal'
    | 'flushes and ends'
    | 'flushes twice and exits'
    | 'lets worker threads record';
  /** How many counters it records; 3 by default. */
  readonly metrics?: number;
  /** Whether each counter has a tag. */
  readonly tagged?: boolean;
  /** Keys of tags. */
  readonly order?: string;
}

const script = JSON.parse(process.argv[2] ?? '{}') as UdpScript;

function record(): void {
  const { metrics = 3, tagged = false } = script;
  const options = tagged ? { tags: { way: 'out' } } : {};
  for (let i = 0; i < metrics; i++) Statsd.increment(`hits.${i}`, options);
}

async function countFractions(): Promise<void> {
  for (let i = 0; i < 3; i++) {
    Statsd.updateStats('share', 0.4);
    await Statsd.flush();
  }
}

function recordTags(): void {
  const values: Record<string, string | number> = { method: 'GET', path: '/a.b/c', status: 200 };
  const tags = Object.fromEntries(script.order!.split(',').map((key) => [key, values[key]]));
  Statsd.increment('hits', { tags });
}

const WAYS: Record<UdpScript['way'], () => unknown> = {
  'records tags': recordTags,
  'falls off the end': record,
  'calls process.exit': () => {
    record();
    process.exit(3);
  },
  throws: () => {
    record();
    throw new Error('on purpose');
  },
  'waits for a signal': () => {
    record();
    stay();
    process.send!('recorded');
  },
  'counts fractions, flushes and falls off the end': countFractions,
  'counts fractions, flushes and waits for a signal': async () => {
    await countFractions();
    stay();
    process.send!('recorded');
  },
  'flushes and ends': async () => {
    record();
    process.stdout.write(JSON.stringify(await Statsd.flush()));
  },
  'flushes twice and exits': async () => {
    Statsd.configure({ exitTimeout: 100_000 });
    record();
    const results = [await Statsd.flush(), await Statsd.flush()];
    process.stdout.write(JSON.stringify(results));
    process.on('exit', () => {
      // After our own listener, which was there first.
      process.stdout.write(`\n${JSON.stringify(Statsd.stats())}`);
    });
    process.send!('flushed');
    process.exit(3);
  },
  'lets worker threads record': async () => {
    if (!isMainThread) return record();
    const workers = [1, 2].map(() => new Worker(__filename, { argv: [JSON.stringify(script)] }));
    await Promise.all(workers.map((worker) => once(worker, 'exit')));
  },
};

void WAYS[script.way]();
