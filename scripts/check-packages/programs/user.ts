// A program as a user may write it, compiled strictly in each resolution mode.
import {
  AFTransport,
  type BoundTimer,
  type CallOptions,
  type Channel,
  type Decoded,
  type Logger,
  MemoryTransport,
  NullTransport,
  type Stats,
  Statsd,
  StatsdClient,
  type StatsdOptions,
  type Tags,
  type Transport,
  UDPTransport,
  UDSTransport,
  decode,
  teeTransports,
} from '@afstatsd/core';
import { type InstrumentedMethod, Timed, instrumentedMethods } from '@afstatsd/decorators';
import { type Queue, QueueError, openQueue } from '@afstatsd/mqueue';

const memory = new MemoryTransport();
const tags: Tags = { region: 'eu', canary: false };
const warnings: string[] = [];
const logger: Logger = { warn: (line) => warnings.push(line) };
const options: StatsdOptions = { transport: memory, prefix: 'shop', tags, logger, interval: 60_000 };
const statsd: StatsdClient = new StatsdClient(options);

const sampled: CallOptions = { sampleRate: 0.5, tags: { method: 'card' } };
const { increment } = statsd;
increment(['orders', 'sales'], sampled);
statsd.child({ prefix: 'stock', tags: { depot: 1 } }).updateStats('items', 3);
const stopReading: () => void = statsd.gauge('load', () => 1.5, { combine: 'max' });
const timer: BoundTimer = statsd.createTimer('pause');
const stop: () => number = timer.start();
const search: (words: string) => Promise<number> = statsd.time('search', async (words) => words.length);

class Shop {
  @Timed('checkout', { statsd, sampleRate: 1 }) checkout(): number {
    return 1;
  }
}
new Shop().checkout();
const [instrumented]: readonly InstrumentedMethod[] = instrumentedMethods(Shop);

// @ts-expect-error a name is needed
increment();
// @ts-expect-error a gauge callback returns a number
statsd.gauge('load', () => 'high')();
// @ts-expect-error there is no such format
const wrongFormat = (): Transport => new UDPTransport({ format: 'statsd' });

const own: Transport = {
  open(): Channel {
    return { offer: ({ metrics }, from) => ({ taken: metrics.length - from, values: 0, state: 'ok' }) };
  },
  close() {},
  stats: () => ({ state: 'open', detail: 'here', messages: 0, bytes: 0, full: 0 }),
};
const both: Transport = teeTransports(
  new AFTransport({ queue: '/user', fallback: new UDPTransport({ format: 'dogstatsd' }) }),
  teeTransports(own, new UDSTransport({ timer: 'distribution' })),
);

function receive(name: string): Queue | string {
  try {
    return openQueue(name, { access: 'read' });
  } catch (error) {
    return error instanceof QueueError ? error.code : 'another error';
  }
}

async function main(): Promise<void> {
  const length: number = await search('shoes');
  const paused: boolean = stop() >= 0;
  const { sent, pending } = await statsd.shutdown({ timeout: 1000 });
  stopReading();
  const metrics: readonly Decoded[] = decode(memory.messages.join('')).metrics;
  const [first] = metrics;
  const { dropped, transport }: Stats = statsd.stats();
  Statsd.setTransport(new NullTransport());
  console.log(
    JSON.stringify({
      length,
      paused,
      sent,
      pending,
      first,
      dropped: dropped.cardinality,
      messages: transport.messages,
      warnings: warnings.length,
      instrumented: instrumented?.metrics[0]?.name,
      receive: receive('/no-such-queue'),
      both: both.stats().state,
      wrongFormat: typeof wrongFormat,
    }),
  );
}

void main();
