import type { Decoded } from '@afstatsd/core';
import type { OutputStats } from './output/output.js';
import type { Receiver } from './receiver.js';

/** Totals that were passed on already, by metric. */
type Reported = ReadonlyMap<string, number>;

const PREFIX = 'afstatsd.collector.';

/** The collector's own numbers as metrics: how much came in, what couldn't be read, what outputs failed to pass on. */
export const ownMetrics = {
  start(): Reported {
    return new Map();
  },

  /** The collector's metrics: counters have their increase since `before`, and gauges have their current value. */
  since(
    before: Reported,
    receiver: Receiver,
    outputs: readonly OutputStats[],
  ): { metrics: Decoded[]; reported: Reported } {
    const metrics: Decoded[] = [];
    const reported = new Map<string, number>(before);
    const count = (name: string, total: number, ...tags: [string, string][]): void => {
      const key = JSON.stringify([name, tags]);
      const value = total - (before.get(key) ?? 0);
      reported.set(key, total);
      // A new counter is sent even if it is 0, so that outputs hold it before a flood of names takes all places.
      // Reloading the configuration makes new outputs. Their totals start at 0, so `value` may be negative.
      if (value > 0 || !before.has(key))
        metrics.push({ type: 'counter', name: PREFIX + name, tags, value: Math.max(0, value), rate: 1 });
    };
    const gauge = (name: string, value: number, ...tags: [string, string][]): void =>
      void metrics.push({ type: 'gauge', name: PREFIX + name, ...(tags.length > 0 && { tags }), value });

    for (const input of receiver.reported) {
      const { messages, samples, badLines, events, serviceChecks } = receiver[input];
      count('messages', messages, ['input', input]);
      count('samples', samples, ['input', input]);
      count('bad_lines', badLines, ['input', input]);
      count('events', events, ['input', input]);
      count('service_checks', serviceChecks, ['input', input]);
    }
    count('dropped_datagrams', receiver.udpDropped, ['input', 'udp']);
    if (receiver.reported.has('tcp')) {
      gauge('connections', receiver.tcpConnections, ['input', 'tcp']);
      count('refused_connections', receiver.tcpRefused, ['input', 'tcp']);
    }
    for (const [severity, number] of Object.entries(receiver.incidents))
      count('incidents', number, ['severity', severity]);
    for (const { name, errors, sent, dropped, waitingBytes, events, held, maxMetrics } of outputs) {
      count('sent', sent, ['output', name]);
      count('output_errors', errors, ['output', name]);
      if (events !== undefined) {
        count('events_sent', events.sent, ['output', name]);
        count('events_lost', events.lost, ['output', name]);
      }
      if (held !== undefined) gauge('held_metrics', held, ['output', name]);
      if (maxMetrics !== undefined) gauge('max_metrics', maxMetrics, ['output', name]);
      if (waitingBytes !== undefined) gauge('waiting_bytes', waitingBytes, ['output', name]);
      for (const [reason, number] of Object.entries(dropped))
        count('lost', number, ['output', name], ['reason', reason]);
    }
    gauge('queue_depth', receiver.queueDepth);
    if (receiver.queueCapacity !== undefined) gauge('queue_capacity', receiver.queueCapacity);
    const percent = receiver.completenessPercent;
    if (percent !== undefined) gauge('completeness_percent', percent);
    return { metrics, reported };
  },
};
