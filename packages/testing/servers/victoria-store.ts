import { useDirectories } from '../directories.js';
import { freePort } from '../free-port.js';
import { type Program, usePrograms } from '../program.js';
import { until } from '../until.js';

/** One series with everything that is stored of it. */
export interface StoredSeries {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly number[];
  /** In ms since 1970. */
  readonly timestamps: readonly number[];
}

export interface VictoriaOptions {
  /** Further flags. */
  readonly flags?: readonly string[];
  /** `name:password`, if it asks who is there. */
  readonly user?: string;
}

/** A real VictoriaMetrics, a single node. */
export class VictoriaStore {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** Where it reads Graphite's plaintext. */
  readonly graphitePort: number;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #start: () => Program;
  #program: Program | undefined;

  constructor(url: string, graphitePort: number, user: string, start: () => Program) {
    this.url = url;
    this.graphitePort = graphitePort;
    this.#start = start;
    this.#headers = user === '' ? {} : { Authorization: `Basic ${Buffer.from(user).toString('base64')}` };
  }

  async start(): Promise<this> {
    const program = this.#start();
    this.#program = program;
    await until('VictoriaMetrics answers', async () => {
      if (!program.isRunning) throw new Error(`VictoriaMetrics has ended: ${program.stderr.slice(-2000)}`);
      return (await fetch(`${this.url}/health`).catch(() => undefined)) !== undefined;
    });
    return this;
  }

  async stop(): Promise<void> {
    await this.#program?.kill('SIGTERM');
  }

  /** Everything that is stored of the series that a selector finds. */
  async stored(selector: string): Promise<readonly StoredSeries[]> {
    const text = await this.#get(`/api/v1/export?${new URLSearchParams({ 'match[]': selector }).toString()}`);
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as StoredSeries);
  }

  /** The values of an instant query; one a series. */
  async query(query: string): Promise<readonly number[]> {
    const { data } = JSON.parse(
      await this.#get(`/api/v1/query?${new URLSearchParams({ query }).toString()}`),
    ) as {
      data: { result: { value: [number, string] }[] };
    };
    return data.result.map(({ value }) => Number(value[1]));
  }

  async #get(path: string): Promise<string> {
    // Without it, what has just come can be seen some seconds later.
    await fetch(`${this.url}/internal/force_flush`, { headers: this.#headers });
    const response = await fetch(this.url + path, { headers: this.#headers });
    if (!response.ok) throw new Error(`VictoriaMetrics answers ${response.status}: ${await response.text()}`);
    return response.text();
  }
}

/** To be called in a `describe`: its servers have ended, and their files are removed, after the test. */
export function useVictoriaStore(): (options?: VictoriaOptions) => Promise<VictoriaStore> {
  const newDirectory = useDirectories();
  const programs = usePrograms();
  return async ({ flags = [], user = '' } = {}) => {
    const [http, graphite] = await Promise.all([freePort(), freePort()]);
    const args = [
      `-storageDataPath=${newDirectory()}/data`,
      `-httpListenAddr=127.0.0.1:${http}`,
      `-graphiteListenAddr=127.0.0.1:${graphite}`,
      '-search.latencyOffset=0s',
      '-search.disableCache',
      '-retentionPeriod=1y',
      ...flags,
    ];
    return new VictoriaStore(`http://127.0.0.1:${http}`, graphite, user, () =>
      programs.run('victoria-metrics', args),
    ).start();
  };
}
