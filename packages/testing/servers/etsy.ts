import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Later } from '../cleanup.js';
import { freePort } from '../free-port.js';
import type { EtsyReading, EtsyRequest, EtsySummary } from './etsy-statsd.js';
import { ServerProcess } from './server-process.js';
import type { ServerKind, StatsdServer } from './statsd-server.js';

const PROGRAM = path.join(__dirname, 'etsy-statsd.js');

export interface EtsyServer extends StatsdServer {
  /** Timers as it sums them up, of what came since it was asked last. */
  summarize(): Promise<EtsySummary>;
  /** The counters of each flush so far, by name. */
  flushes(): Promise<Record<string, number>[]>;
}

export interface EtsyOptions {
  /** That of a server that was stopped; any free one by default. */
  readonly port?: number;
  /** In ms. By default it flushes only when it is asked. */
  readonly flushInterval?: number;
}

/** etsy's `statsd`, the original. */
export const ETSY: ServerKind<EtsyOptions, EtsyServer> = { name: "etsy's statsd", start };

async function start(
  later: Later,
  { port, flushInterval = 3_600_000 }: EtsyOptions = {},
): Promise<EtsyServer> {
  const udpPort = port ?? (await freePort());
  const server = new ServerProcess(later);
  const config = {
    mgmt_address: '127.0.0.1',
    mgmt_port: await freePort(),
    automaticConfigReload: false,
    flushInterval,
    percentThreshold: [50, 95],
    backends: [PROGRAM],
    servers: [{ server: './servers/udp', address: '127.0.0.1', port: udpPort }],
  };
  const file = path.join(server.folder, 'config.js');
  writeFileSync(file, JSON.stringify(config));
  const child = server.start(process.execPath, [PROGRAM, file]);
  const ended = once(child, 'exit').then(() => server.check());
  ended.catch(() => {}); // told to who waits for an answer
  const answer = async (): Promise<unknown> => {
    const [message] = (await Promise.race([once(child, 'message'), ended])) as unknown[];
    return message;
  };
  const ask = (request: EtsyRequest): Promise<unknown> => {
    const answered = answer();
    child.send(request);
    return answered;
  };
  await answer(); // ready
  return {
    port: udpPort,
    async read() {
      const { counters, gauges, timers, sets } = (await ask('read')) as EtsyReading;
      const map = <V>(record: Record<string, V>): Map<string, V> => new Map(Object.entries(record));
      return { counters: map(counters), gauges: map(gauges), timers: map(timers), sets: map(sets) };
    },
    summarize: async () => (await ask('summarize')) as EtsySummary,
    flushes: async () => (await ask('flushes')) as Record<string, number>[],
    stop: () => server.stop(),
  };
}
