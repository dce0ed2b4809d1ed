// An app that records what it is told, through the queue: each message is a list of [method, …arguments] of a client.
import { AFTransport, StatsdClient } from '@afstatsd/core';

const [queue = ''] = process.argv.slice(2);
const statsd = new StatsdClient({
  transport: new AFTransport({ queue, fallback: false }),
  maxMetrics: 20_000,
  service: 'page-app',
});
type Method = 'increment' | 'gauge' | 'histogram' | 'timing' | 'set';

process.on('message', (calls: readonly (readonly [Method, ...unknown[]])[]) => {
  for (const [method, ...args] of calls) (statsd[method] as (...args: unknown[]) => void)(...args);
  process.send!('recorded');
});
process.on('disconnect', () => process.exit());
