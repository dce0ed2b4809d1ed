import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { useDirectories } from '../directories.js';
import { freePort } from '../free-port.js';
import { type Program, usePrograms } from '../program.js';
import { until } from '../until.js';

/** One row of an answer, by the names of its columns. */
export type InfluxRow = Readonly<Record<string, string | number | null>>;

/** A real InfluxDB 1.x. */
export class InfluxDB {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  readonly #start: () => Program;
  #program: Program | undefined;

  constructor(url: string, start: () => Program) {
    this.url = url;
    this.#start = start;
  }

  async start(): Promise<this> {
    const program = this.#start();
    this.#program = program;
    await until('InfluxDB answers', async () => {
      if (!program.isRunning) throw new Error(`InfluxDB has ended: ${program.stderr.slice(-2000)}`);
      return (await fetch(`${this.url}/ping`).catch(() => undefined))?.ok === true;
    });
    return this;
  }

  async stop(): Promise<void> {
    await this.#program?.kill('SIGTERM');
  }

  /** The rows of a query's answer, with the tags of their series. @throws Error with what InfluxDB says is wrong. */
  async query(
    query: string,
    { db = '', user = '' }: { readonly db?: string; readonly user?: string } = {},
  ): Promise<readonly InfluxRow[]> {
    const parameters = new URLSearchParams({ q: query, db, epoch: 's' });
    const response = await fetch(`${this.url}/query?${parameters.toString()}`, {
      method: 'POST',
      headers: user === '' ? {} : { Authorization: `Basic ${Buffer.from(user).toString('base64')}` },
    });
    const answer = (await response.json()) as {
      error?: string;
      results?: {
        error?: string;
        series?: { tags?: Record<string, string>; columns: string[]; values: (string | number | null)[][] }[];
      }[];
    };
    const error = answer.error ?? answer.results?.[0]?.error;
    if (error !== undefined) throw new Error(error);
    return (answer.results ?? []).flatMap(({ series = [] }) =>
      series.flatMap(({ tags = {}, columns, values }) =>
        values.map((row) => ({
          ...tags,
          ...Object.fromEntries(columns.map((name, at) => [name, row[at]!])),
        })),
      ),
    );
  }
}

/**
 * To be called in a `describe`: its servers have ended, and their files are removed, after the test.
 *
 * @returns what starts one, which asks who is there if it is told to.
 */
export function useInfluxDB(): (options?: { readonly asksForUsers?: boolean }) => Promise<InfluxDB> {
  const newDirectory = useDirectories();
  const programs = usePrograms();
  return async ({ asksForUsers = false } = {}) => {
    const folder = newDirectory();
    const [http, rpc] = await Promise.all([freePort(), freePort()]);
    const config = path.join(folder, 'influx.conf');
    writeFileSync(
      config,
      `reporting-disabled = true
bind-address = "127.0.0.1:${rpc}"
[meta]
  dir = "${folder}/meta"
[data]
  dir = "${folder}/data"
  wal-dir = "${folder}/wal"
[http]
  bind-address = "127.0.0.1:${http}"
  auth-enabled = ${asksForUsers}
[monitor]
  store-enabled = false
`,
    );
    return new InfluxDB(`http://127.0.0.1:${http}`, () =>
      programs.run('influxd', ['-config', config]),
    ).start();
  };
}
