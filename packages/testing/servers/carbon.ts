import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { useDirectories } from '../directories.js';
import { freePort } from '../free-port.js';
import { type Program, usePrograms } from '../program.js';
import { until } from '../until.js';

/** One value of a series. */
export interface Point {
  /** In Unix seconds. */
  readonly time: number;
  readonly value: number;
}

/** A real carbon, which keeps what it gets in whisper files, a value a second for an hour. */
export class Carbon {
  /** Where it reads lines over TCP. */
  readonly port: number;
  readonly #data: string;
  readonly #start: () => Promise<Program>;
  #program: Program | undefined;

  constructor(port: number, data: string, start: () => Promise<Program>) {
    this.port = port;
    this.#data = data;
    this.#start = start;
  }

  async start(): Promise<this> {
    this.#program = await this.#start();
    return this;
  }

  /** Ends it, as a restart does. It has written everything then. */
  async stop(): Promise<void> {
    await this.#program?.kill('SIGTERM');
  }

  /** @throws Error if it has ended. */
  check(): void {
    const { isRunning = false, stderr = '', stdout = '' } = this.#program ?? {};
    if (!isRunning) throw new Error(`carbon has ended: ${stderr.slice(-1000)}${stdout.slice(-1000)}`);
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
    const read = found.map(async (file) => {
      const points = await pointsIn(path.join(this.#data, file));
      return [dotted(file), points.map(({ value }) => value)] as const;
    });
    return new Map((await Promise.all(read)).filter(([, values]) => values.length > 0));
  }

  /** What is stored of a series, `name` or `name;a=1;b=2` with its tags sorted. Nothing if there is no such series. */
  async points(series: string): Promise<readonly Point[]> {
    const file = path.join(
      this.#data,
      `${series.includes(';') ? taggedPath(series) : series.replaceAll('.', '/')}.wsp`,
    );
    return existsSync(file) ? pointsIn(file) : [];
  }
}

/** A tagged series is in a file that is called by its hash. */
function taggedPath(series: string): string {
  const hash = createHash('sha256').update(series).digest('hex');
  return path.join('_tagged', hash.slice(0, 3), hash.slice(3, 6), hash);
}

async function pointsIn(file: string): Promise<readonly Point[]> {
  const from = String(Math.floor(Date.now() / 1000) - 600);
  const { stdout } = await promisify(execFile)('whisper-fetch', ['--json', `--from=${from}`, file]);
  const { values, start, step } = JSON.parse(stdout) as {
    values: readonly (number | null)[];
    start: number;
    step: number;
  };
  return values.flatMap((value, at) => (value === null ? [] : [{ time: start + at * step, value }]));
}

function dotted(file: string): string {
  return file.replace(/\.wsp$/, '').replaceAll(path.sep, '.');
}

/** To be called in a `describe`: its servers have ended, and their files are removed, after the test. */
export function useCarbon(): () => Promise<Carbon> {
  const newDirectory = useDirectories();
  const programs = usePrograms();
  return async () => {
    const folder = newDirectory();
    const file = (name: string, content: string): string => {
      const at = path.join(folder, name);
      writeFileSync(at, content);
      return at;
    };
    const [line, pickle, query] = await Promise.all([freePort(), freePort(), freePort()]);
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
ENABLE_TAGS = False
MAX_CREATES_PER_MINUTE = inf
MAX_UPDATES_PER_SECOND = inf
USER =
`,
    );
    const start = async (): Promise<Program> => {
      const program = programs.run(
        'carbon-cache',
        [`--config=${config}`, `--pidfile=${folder}/carbon.pid`, `--logdir=${folder}`, '--nodaemon', 'start'],
        { env: { GRAPHITE_ROOT: folder, GRAPHITE_STORAGE_DIR: folder, GRAPHITE_CONF_DIR: folder } },
      );
      await until('carbon listens', () => {
        if (!program.isRunning) throw new Error(`carbon has ended: ${program.stderr}${program.stdout}`);
        return listens(line);
      });
      return program;
    };
    return new Carbon(line, path.join(folder, 'whisper'), start).start();
  };
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port });
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
}
