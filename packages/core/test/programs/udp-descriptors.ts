import { closeSync, openSync } from 'node:fs';
import {
  type FlushResult,
  MemoryTransport,
  StatsdClient,
  type TransportStats,
  UDPTransport,
  teeTransports,
} from '../../src/index.js';

export interface UdpDescriptorsResult {
  /** What a flush did while there was no descriptor for a socket. */
  readonly without: FlushResult;
  /** What `stats` said of the transport then. */
  readonly reason: string;
  /** What the next one did, with descriptors. */
  readonly withThem: FlushResult;
  readonly transport: TransportStats;
  /** What flushes to a tee did, without descriptors, whose second transport is the one without a socket. */
  readonly flushed: readonly FlushResult[];
  readonly first: readonly string[];
}

/** Opens files until there are no descriptors left. The process must have been given few. */
function useUp(): number[] {
  const files: number[] = [];
  try {
    for (;;) files.push(openSync('/dev/null', 'r'));
  } catch {
    return files;
  }
}

const port = Number(process.argv[2]);

async function main(): Promise<void> {
  const quiet = { logger: { warn() {} }, interval: Infinity };
  const statsd = new StatsdClient({ ...quiet, transport: new UDPTransport({ port }) });
  const memory = new MemoryTransport();
  const tee = new StatsdClient({
    ...quiet,
    transport: teeTransports(memory, new UDPTransport({ port })),
  });
  const files = useUp();
  statsd.increment('hits');
  const without = await statsd.flush({ timeout: 60_000 });
  const reason = statsd.stats().transport.detail;
  const flushed: FlushResult[] = [];
  for (let flush = 0; flush < 3; flush++) {
    tee.increment('tee');
    flushed.push(await tee.flush({ timeout: 60_000 }));
  }
  for (const file of files) closeSync(file);
  statsd.increment('hits');
  const withThem = await statsd.flush({ timeout: 60_000 });
  const result: UdpDescriptorsResult = {
    without,
    reason,
    withThem,
    transport: statsd.stats().transport,
    flushed,
    first: memory.messages,
  };
  console.log(JSON.stringify(result));
}

void main();
