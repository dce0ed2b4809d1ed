import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, createConnection, createServer } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Later } from '../cleanup.js';
import { findCommand } from '../commands.js';
import { freePort } from '../free-port.js';
import { eventually } from '../until.js';
import { ServerProcess } from './server-process.js';
import type { Reading, ServerKind, StatsdServer } from './statsd-server.js';

export interface CollectdOptions {
  /** How often it hands over values, in seconds; 0.5 by default. */
  readonly interval?: number;
}

export interface CollectdServer extends StatsdServer {
  /** Resolves when it has just handed over an interval's values; it reads UDP undisturbed until the next time. */
  intervalBegins(): Promise<void>;
}

/** collectd with its statsd plugin. What it makes of each interval it sends here, in Graphite's text form. */
export const COLLECTD: ServerKind<CollectdOptions, CollectdServer> = {
  name: 'collectd',
  needs: 'collectd',
  start,
};

async function start(later: Later, { interval = 0.5 }: CollectdOptions = {}): Promise<CollectdServer> {
  const server = new ServerProcess(later);
  const port = await freePort();
  const reader = new GraphiteReader();
  const graphite = createServer((socket) => {
    socket.on('error', () => {}); // it is killed in the end
    createInterface(socket).on('line', (line) => reader.add(line));
  });
  graphite.listen(0, '127.0.0.1');
  await once(graphite, 'listening');
  later(() => graphite.close());
  const file = path.join(server.folder, 'collectd.conf');
  writeFileSync(file, config(server.folder, port, (graphite.address() as AddressInfo).port, interval));
  server.start(findCommand('collectd')!, ['-f', '-C', file]);
  await eventually(() => {
    server.check();
    if (!server.output.includes('Listening on')) throw new Error(`collectd doesn't listen: ${server.output}`);
  });
  // By itself it hands over when a buffer is full.
  const control = await eventually(async () => {
    const socket = createConnection(path.join(server.folder, 'socket'));
    later(() => socket.destroy());
    await once(socket, 'connect');
    return socket.on('error', () => {}); // it is killed in the end
  });
  const read = async (): Promise<Reading> => {
    control.write('FLUSH\n');
    await once(control, 'data');
    return reader;
  };
  return {
    port,
    read,
    async intervalBegins() {
      const { lines } = reader;
      await eventually(async () => {
        await read();
        if (reader.lines === lines) throw new Error('collectd hands over no interval');
      });
    },
    stop: () => server.stop(),
  };
}

/** Adds up what was handed over interval by interval: collectd starts timers and sets afresh each time. */
class GraphiteReader implements Reading {
  readonly counters: Map<string, number> = new Map();
  readonly gauges: Map<string, number> = new Map();
  readonly timers: Map<string, { count: number; sum: number; min: number; max: number }> = new Map();
  readonly sets: Map<string, number> = new Map();
  lines = 0;

  add(line: string): void {
    this.lines++;
    const match = /^test\.statsd\.(derive|gauge|objects|latency)-(\S+) (\S+) \d+$/.exec(line);
    if (match === null) return;
    const [, kind, name = '', text] = match;
    const value = Number(text);
    if (Number.isNaN(value)) return; // a timer without values
    if (kind === 'derive') this.counters.set(name, value);
    else if (kind === 'objects') this.sets.set(name, Math.max(value, this.sets.get(name) ?? 0));
    else if (kind === 'latency') this.#addToTimer(name, value * 1000);
    else if (name.endsWith('-count')) this.#addToTimer(name, value);
    else this.gauges.set(name, value);
  }

  #addToTimer(nameAndFigure: string, value: number): void {
    const [, name, figure] = /^(.+)-(count|sum|lower|upper)$/.exec(nameAndFigure) ?? [];
    if (name === undefined) return;
    const timer = this.timers.get(name) ?? { count: 0, sum: 0, min: Infinity, max: -Infinity };
    if (figure === 'count') timer.count += value;
    else if (figure === 'sum') timer.sum += value;
    else if (figure === 'lower') timer.min = Math.min(timer.min, value);
    else timer.max = Math.max(timer.max, value);
    this.timers.set(name, timer);
  }
}

function config(folder: string, port: number, graphitePort: number, interval: number): string {
  return `
Hostname "test"
FQDNLookup false
BaseDir "${folder}"
PIDFile "${folder}/pid"
Interval ${interval}
WriteThreads 1
LoadPlugin statsd
<Plugin statsd>
  Host "127.0.0.1"
  Port "${port}"
  TimerCount true
  TimerSum true
  TimerLower true
  TimerUpper true
</Plugin>
LoadPlugin unixsock
<Plugin unixsock>
  SocketFile "${folder}/socket"
</Plugin>
LoadPlugin write_graphite
<Plugin write_graphite>
  <Node "test">
    Host "127.0.0.1"
    Port "${graphitePort}"
    Protocol "tcp"
    StoreRates false
    AlwaysAppendDS false
    PreserveSeparator true
  </Node>
</Plugin>
`;
}
