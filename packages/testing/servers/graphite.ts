import { execFile } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { useDirectories } from '../directories.js';
import { freePort } from '../free-port.js';
import { usePrograms } from '../program.js';
import { until } from '../until.js';

const STATSD = require.resolve('statsd/stats.js');

/** etsy's `statsd` in front of a real carbon, which keeps what it gets in whisper files. */
export class Graphite {
  /** The UDP port of `statsd`. */
  readonly port: number;
  readonly #data: string;

  constructor(port: number, data: string) {
    this.port = port;
    this.#data = data;
  }

  /**
   * The values that are stored under a path, with `*` for any segment, by the path of each file.
   *
   * @returns An empty map while nothing is stored there.
   */
  async read(wanted: string): Promise<ReadonlyMap<string, readonly number[]>> {
    if (!existsSync(this.#data)) return new Map();
    const pattern = new RegExp(`^${wanted.replaceAll('.', '\\.').replaceAll('*', '[^.]+')}$`);
    const files = readdirSync(this.#data, { recursive: true, encoding: 'utf8' });
    const found = files.filter((file) => file.endsWith('.wsp') && pattern.test(dotted(file)));
    const read = found.map(async (file) => [dotted(file), await this.#valuesIn(file)] as const);
    return new Map((await Promise.all(read)).filter(([, values]) => values.length > 0));
  }

  async #valuesIn(file: string): Promise<readonly number[]> {
    const from = String(Math.floor(Date.now() / 1000) - 600);
    const args = ['--json', `--from=${from}`, path.join(this.#data, file)];
    const { stdout } = await promisify(execFile)('whisper-fetch', args);
    const { values } = JSON.parse(stdout) as { values: readonly (number | null)[] };
    return values.filter((value) => value !== null);
  }
}

function dotted(file: string): string {
  return file.replace(/\.wsp$/, '').replaceAll(path.sep, '.');
}

/** To be called in a `describe`: its servers have ended, and their files are removed, after the test. */
export function useGraphite(): () => Promise<Graphite> {
  const newDirectory = useDirectories();
  const programs = usePrograms();
  return async () => {
    const folder = newDirectory();
    const file = (name: string, content: string): string => {
      const at = path.join(folder, name);
      writeFileSync(at, content);
      return at;
    };
    const [line, pickle, query, udp, management] = await Promise.all([
      freePort(),
      freePort(),
      freePort(),
      freePort(),
      freePort(),
    ]);
    file('storage-schemas.conf', '[all]\npattern = .*\nretentions = 1s:1h\n');
    const config = file(
      'carbon.conf',
      `[cache]
LOCAL_DATA_DIR = ${folder}/whisper/
LINE_RECEIVER_INTERFACE = 127.0.0.1
LINE_RECEIVER_PORT = ${line}
PICKLE_RECEIVER_INTERFACE = 127.0.0.1
PICKLE_RECEIVER_PORT = ${pickle}
CACHE_QUERY_INTERFACE = 127.0.0.1
CACHE_QUERY_PORT = ${query}
ENABLE_UDP_LISTENER = False
MAX_CREATES_PER_MINUTE = inf
MAX_UPDATES_PER_SECOND = inf
USER =
`,
    );
    const carbon = programs.run(
      'carbon-cache',
      [`--config=${config}`, `--pidfile=${folder}/carbon.pid`, `--logdir=${folder}`, '--nodaemon', 'start'],
      { env: { GRAPHITE_ROOT: folder, GRAPHITE_STORAGE_DIR: folder, GRAPHITE_CONF_DIR: folder } },
    );
    const settings = file(
      'statsd.js',
      JSON.stringify({
        port: udp,
        address: '127.0.0.1',
        mgmt_address: '127.0.0.1',
        mgmt_port: management,
        automaticConfigReload: false,
        flushInterval: 1000,
        backends: ['./backends/graphite'],
        graphiteHost: '127.0.0.1',
        graphitePort: line,
        graphite: { legacyNamespace: false },
      }),
    );
    const statsd = programs.node([STATSD, settings]);
    const graphite = new Graphite(udp, path.join(folder, 'whisper'));
    // What `statsd` says of itself is there once all three work.
    await until('carbon has stored something', async () => {
      for (const { isRunning, stderr, stdout } of [carbon, statsd]) {
        if (!isRunning) throw new Error(`a server has ended: ${stderr.slice(-1000)}${stdout.slice(-1000)}`);
      }
      return (await graphite.read('stats.statsd.*')).size > 0;
    });
    return graphite;
  };
}
