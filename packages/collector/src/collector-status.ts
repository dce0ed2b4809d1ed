import type { CollectorStatus } from './live/live-page.js';
import type { OutputStats } from './output/output.js';
import type { InputCounts, Receiver } from './receiver.js';
import { version } from './version.js';

/**
 * The collector's own health, for the live page.
 *
 * @param began - in ms since 1970.
 */
export function collectorStatus(
  receiver: Receiver,
  outputs: readonly OutputStats[],
  began: number,
): CollectorStatus {
  const { queue, udp, queueDepth, queueCapacity, completeness, clients } = receiver;
  const reported = clients.completeness;
  return {
    collector: version,
    pid: process.pid,
    started: began,
    inputs: { queue: inputOf(queue), udp: inputOf(udp) },
    queue: { depth: queueDepth, capacity: queueCapacity ?? null },
    udpDrops: null,
    completeness: {
      percent: reported.percent ?? completeness.percent ?? null,
      clients: reported.clients,
    },
    outputs: outputs.map(({ name, recorded, sent, errors, dropped, waitingBytes }) => ({
      name,
      recorded,
      sent,
      errors,
      dropped: Object.values(dropped).reduce((sum, one) => sum + one, 0),
      ...(waitingBytes === undefined ? {} : { waitingBytes }),
    })),
  };
}

function inputOf({ messages, samples, badLines }: InputCounts): CollectorStatus['inputs'][string] {
  return { messages, samples, badLines };
}
