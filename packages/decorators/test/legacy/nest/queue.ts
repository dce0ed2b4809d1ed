import { type StatsdClient, decode } from '@afstatsd/core';
import { useClients, useQueues } from '@afstatsd/testing';
import { expect } from 'chai';

/** A real queue in the collector's place, and a client that sends to it. */
export interface QueueAndClient {
  readonly statsd: StatsdClient;
  /** By type and name: the sum of a counter, the value of a gauge, how many values a timer has. */
  readonly received: () => Promise<Record<string, number>>;
}

/** To be called in a `describe`: nothing is left of a queue and its client after the test. */
export function useQueuesAndClients(): () => QueueAndClient {
  const makeClient = useClients();
  const queues = useQueues();
  return () => {
    const queue = queues.make();
    const { statsd, log } = makeClient({ transport: queue.url });
    const received = async (): Promise<Record<string, number>> => {
      const { pending } = await statsd.flush({ timeout: 60_000 });
      const { rejected } = statsd.stats();
      expect({ pending, rejected, warnings: log.warnings }).to.deep.equal({
        pending: 0,
        rejected: 0,
        warnings: [],
      });
      return countsOf(queue.readAll().map(({ text }) => text));
    };
    return { statsd, received };
  };
}

/** Each metric is there once. */
function countsOf(messages: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const message of messages) {
    const { metrics, bad } = decode(message);
    expect(bad).to.deep.equal([]);
    for (const metric of metrics) {
      const key = `${metric.type} ${metric.name}`;
      expect(counts).not.to.have.property(key);
      if (metric.type === 'set') throw new Error(`no decorator records sets, but ${metric.name} is one`);
      counts[key] = metric.type === 'timer' ? metric.values.length : metric.value;
    }
  }
  return counts;
}
