import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Later } from '../cleanup.js';
import { findCommand } from '../commands.js';
import { freePort } from '../free-port.js';
import { eventually } from '../until.js';
import { ServerProcess } from './server-process.js';
import type { Reading, ServerKind, StatsdServer } from './statsd-server.js';

export interface NetdataServer extends StatsdServer {
  /** How many lines it has read, by kind, and how many it couldn't read. */
  lines(): Promise<ReadonlyMap<string, number>>;
}

/** netdata with nothing but its statsd server. It makes no chart, and so tells no values, of metrics named `bulk.*`. */
export const NETDATA: ServerKind<never, NetdataServer> = { name: 'netdata', needs: 'netdata', start };

async function start(later: Later): Promise<NetdataServer> {
  const server = new ServerProcess(later);
  const port = await freePort();
  const webPort = await freePort();
  const file = path.join(server.folder, 'netdata.conf');
  writeFileSync(file, config(server.folder, port, webPort));
  server.start(findCommand('netdata')!, ['-D', '-c', file, '-P', path.join(server.folder, 'pid')], {
    DISABLE_TELEMETRY: '1',
  });
  const get = async (what: string): Promise<string> => {
    server.check();
    const response = await fetch(`http://127.0.0.1:${webPort}/api/v1/${what}`);
    return response.text();
  };
  const scrape = (): Promise<Sample[]> =>
    get('allmetrics?format=prometheus&source=as-collected&help=no').then(parse);
  const lines = async (): Promise<Map<string, number>> => {
    const samples = (await scrape()).filter(({ chart }) => chart === 'netdata.statsd_events');
    return new Map(samples.map(({ dimension, value }) => [dimension, value]));
  };
  await eventually(async () => {
    if ((await lines()).size === 0) throw new Error(`netdata doesn't collect: ${server.output.slice(-2000)}`);
  });
  const reader = new NetdataReader();
  return {
    port,
    lines,
    async read() {
      // The chart's id has the name in part only, its title whole.
      const { charts } = JSON.parse(await get('charts')) as { charts: Record<string, { title: string }> };
      reader.add(await scrape(), (chart) => / for \w+ (\S+) /.exec(charts[chart]?.title ?? '')?.[1]);
      return reader;
    },
    stop: () => server.stop(),
  };
}

interface Sample {
  readonly chart: string;
  readonly dimension: string;
  readonly value: number;
}

function parse(text: string): Sample[] {
  const matches = text.matchAll(/\{chart="([^"]+)",.*dimension="([^"]+)"\} (\S+)/g);
  return [...matches].map(([, chart = '', dimension = '', value]) => ({
    chart,
    dimension,
    value: Number(value),
  }));
}

/**
 * It starts timers and sets afresh at each interval, so that they are caught by looking often enough. How many values a timer
 * had isn't told for each one: a test that wants to know records only one timer, in one flush.
 */
class NetdataReader implements Reading {
  readonly counters: Map<string, number> = new Map();
  readonly gauges: Map<string, number> = new Map();
  readonly timers: Map<string, { count: number; sum: number }> = new Map();
  readonly sets: Map<string, number> = new Map();

  add(samples: readonly Sample[], nameOf: (chart: string) => string | undefined): void {
    const values = samples.find(
      ({ chart, dimension }) => chart === 'netdata.statsd_events' && dimension === 'timers',
    );
    for (const { chart, dimension, value } of samples) {
      const name = chart.startsWith('statsd_') ? nameOf(chart) : undefined;
      if (name === undefined) continue;
      if (dimension === 'counter') this.counters.set(name, value);
      else if (dimension === 'gauge') this.gauges.set(name, value / 1000);
      else if (dimension === 'unique') this.sets.set(name, Math.max(value, this.sets.get(name) ?? 0));
      else if (dimension === 'average' && value !== 0 && values !== undefined) {
        this.timers.set(name, { count: values.value, sum: (values.value * value) / 1000 });
      }
    }
  }
}

const OTHER_PLUGINS = [
  'apps',
  'cgroups',
  'charts.d',
  'checks',
  'diskspace',
  'ebpf',
  'enable running new plugins',
  'fping',
  'freeipmi',
  'go.d',
  'idlejitter',
  'ioping',
  'nfacct',
  'node.d',
  'perf',
  'proc',
  'python.d',
  'slabinfo',
  'tc',
  'timex',
];

function config(folder: string, port: number, webPort: number): string {
  const directories = ['cache', 'lib', 'log', 'config'].map((name) => {
    mkdirSync(path.join(folder, name));
    return `  ${name} = ${path.join(folder, name)}`;
  });
  const user = process.getuid?.() === 0 ? '[global]\n  run as user = root\n' : '';
  return `
${user}
[directories]
${directories.join('\n')}
[db]
  mode = ram
[web]
  bind to = 127.0.0.1
  default port = ${webPort}
[ml]
  enabled = no
[health]
  enabled = no
[cloud]
  enabled = no
[registry]
  enabled = no
[plugins]
${OTHER_PLUGINS.map((name) => `  ${name} = no`).join('\n')}
  netdata monitoring = yes
  netdata monitoring extended = yes
  statsd = yes
[statsd]
  bind to = udp:127.0.0.1
  default port = ${port}
  update every (flushInterval) = 1
  create private charts for metrics matching = !bulk.* *
`;
}
