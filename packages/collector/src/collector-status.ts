import type { CollectorStatus } from './live/live-page.js';
import type { OutputStats } from './output/output.js';
import type { InputCounts, Receiver } from './receiver.js';
import { version } from './version.js';

/**
 * The collector's own health, for the live page.
 *
 * @param began - the start of the collector, in ms since 1970.
 */
export function collectorStatus(
  receiver: Receiver,
  outputs: readonly OutputStats[],
  began: number,
): CollectorStatus {
  const { queueDepth, queueCapacity, countsUdpDrops, udpDropped } = receiver;
  return {
    collector: version,
    pid: process.pid,
    started: began,
    inputs: Object.fromEntries([...receiver.reported].map((name) => [name, inputOf(receiver[name])])),
    queue: { depth: queueDepth, capacity: queueCapacity ?? null },
    udpDrops: countsUdpDrops ? udpDropped : null,
    completeness: {
      percent: receiver.completenessPercent ?? null,
      clients: receiver.clients.completeness.clients,
    },
    outputs: outputs.map(({ name, recorded, sent, errors, dropped, held, maxMetrics, waitingBytes }) => ({
      name,
      recorded,
      sent,
      errors,
      dropped: Object.values(dropped).reduce((sum, one) => sum + one, 0),
      ...(held === undefined ? {} : { held }),
      ...(maxMetrics === undefined ? {} : { maxMetrics }),
      ...(waitingBytes === undefined ? {} : { waitingBytes }),
    })),
  };
}

function inputOf({ messages, samples, badLines }: InputCounts): CollectorStatus['inputs'][string] {
  return { messages, samples, badLines };
}
