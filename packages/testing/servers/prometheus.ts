import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { useDirectories } from '../directories.js';
import { freePort } from '../free-port.js';
import { usePrograms } from '../program.js';
import { until } from '../until.js';

/** One result of an instant query. */
export interface QueryResult {
  readonly metric: Readonly<Record<string, string>>;
  /** Of a vector: a time in s, and the value as text. */
  readonly value: readonly [number, string];
  /** The same of a range selector: every sample in it. */
  readonly values: readonly (readonly [number, string])[];
}

/** An exemplar as Prometheus has stored it. */
export interface StoredExemplar {
  readonly series: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A real Prometheus that scrapes one collector every second. */
export class PrometheusServer {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  /** The result of an instant query; empty while it is starting. */
  async query(text: string): Promise<readonly QueryResult[]> {
    const body = await this.#get(`query?query=${encodeURIComponent(text)}`);
    return (body as { result: QueryResult[] } | undefined)?.result ?? [];
  }

  /** The value of the first series of an instant query; NaN if there is none. */
  async number(text: string): Promise<number> {
    return Number((await this.query(text))[0]?.value[1] ?? Number.NaN);
  }

  /** Each value of the first series, from the oldest scrape to the newest. */
  async history(selector: string): Promise<readonly number[]> {
    const [series] = await this.query(`${selector}[5m]`);
    return (series?.values ?? []).map(([, value]) => Number(value));
  }

  /** The exemplars that it has stored of the series of a selector; of a Prometheus with `exemplar-storage`. */
  async exemplars(selector: string): Promise<readonly StoredExemplar[]> {
    const body = await this.#get(
      `query_exemplars?query=${encodeURIComponent(selector)}&start=0&end=${Date.now()}`,
    );
    const all = (body ?? []) as readonly {
      readonly seriesLabels: Readonly<Record<string, string>>;
      readonly exemplars: readonly {
        readonly labels: Readonly<Record<string, string>>;
        readonly value: string;
      }[];
    }[];
    return all.flatMap(({ seriesLabels: series, exemplars }) =>
      exemplars.map(({ labels, value }) => ({ series, labels, value: Number(value) })),
    );
  }

  /** The names of alerts that fire. */
  async firing(): Promise<readonly string[]> {
    const body = (await this.#get('alerts')) as
      | { alerts: { state: string; labels: { alertname: string } }[] }
      | undefined;
    return (body?.alerts ?? []).flatMap(({ state, labels }) =>
      state === 'firing' ? [labels.alertname] : [],
    );
  }

  async #get(path: string): Promise<unknown> {
    const response = await fetch(`${this.#url}/api/v1/${path}`).catch(() => undefined);
    return response?.ok === true ? ((await response.json()) as { data: unknown }).data : undefined;
  }
}

/**
 * Starts a server, and returns once it scrapes.
 *
 * @param host - of the page that it scrapes, with the port.
 * @param alerts - expressions that are evaluated every second, by the name of their alert.
 * @param options - further options of the command line.
 * @param ruleFiles - further files of rules, which are evaluated every second.
 */
type Start = (
  host: string,
  alerts?: Readonly<Record<string, string>>,
  options?: readonly string[],
  ruleFiles?: readonly string[],
) => Promise<PrometheusServer>;

/** To be called in a `describe`: the servers of its tests have ended, and what they have stored is removed, after the test. */
export function usePrometheusServers(): Start {
  const programs = usePrograms();
  const newDirectory = useDirectories();
  return async (host, alerts = {}, options = [], ruleFiles = []) => {
    const folder = newDirectory();
    const port = await freePort();
    const file = (name: string, content: object): string => {
      const path = join(folder, name);
      writeFileSync(path, JSON.stringify(content)); // JSON is YAML
      return path;
    };
    const rules = Object.entries(alerts).map(([alert, expr]) => ({ alert, expr }));
    const config = file('prometheus.yml', {
      global: { scrape_interval: '1s', evaluation_interval: '1s' },
      rule_files: [file('rules.yml', { groups: [{ name: 'test', rules }] }), ...ruleFiles],
      scrape_configs: [{ job_name: 'statsd', static_configs: [{ targets: [host] }] }],
    });
    const program = programs.run('prometheus', [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      ...options,
    ]);
    const server = new PrometheusServer(`http://127.0.0.1:${port}`);
    await until('Prometheus scrapes', async () => {
      if (!program.isRunning) throw new Error(`Prometheus has ended: ${program.stderr.slice(-2000)}`);
      return (await server.number('up')) === 1;
    });
    return server;
  };
}
