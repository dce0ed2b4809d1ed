import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from './until.js';

/** How to get what the tests with the real Prometheus need. */
export const HOW_TO = 'apt-get install -y --no-install-recommends prometheus';

export function isInstalled(program: string): boolean {
  return spawnSync(program, ['--version']).error === undefined;
}

/** One result of an instant query. */
export interface QueryResult {
  readonly metric: Readonly<Record<string, string>>;
  /** Of a vector: a time in s, and the value as text. */
  readonly value: readonly [number, string];
  /** The same of a range selector: every sample in it. */
  readonly values: readonly (readonly [number, string])[];
}

/** A real Prometheus that scrapes one collector every second. */
export class PrometheusServer {
  readonly #folder = mkdtempSync(join(tmpdir(), 'afstatsd-prometheus-'));
  #port = 0;
  #child: ChildProcess | undefined;

  /**
   * Starts it, and returns once it answers.
   *
   * @param host - of the page that it scrapes, with the port.
   * @param alerts - expressions that are evaluated every second, by the name of their alert.
   */
  async start(host: string, alerts: Readonly<Record<string, string>> = {}): Promise<this> {
    this.#port = await freePort();
    const file = (name: string, content: object): string => {
      const path = join(this.#folder, name);
      writeFileSync(path, JSON.stringify(content)); // JSON is YAML
      return path;
    };
    const rules = Object.entries(alerts).map(([alert, expr]) => ({ alert, expr }));
    const config = file('prometheus.yml', {
      global: { scrape_interval: '1s', evaluation_interval: '1s' },
      rule_files: [file('rules.yml', { groups: [{ name: 'test', rules }] })],
      scrape_configs: [{ job_name: 'statsd', static_configs: [{ targets: [host] }] }],
    });
    this.#child = spawn(
      'prometheus',
      [
        `--config.file=${config}`,
        `--storage.tsdb.path=${join(this.#folder, 'data')}`,
        `--web.listen-address=127.0.0.1:${this.#port}`,
      ],
      { stdio: 'ignore' },
    );
    const scrapes = async (): Promise<boolean> => (await this.number('up')) === 1;
    await until('Prometheus scrapes', scrapes, 50_000);
    return this;
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

  /** The names of alerts that fire. */
  async firing(): Promise<readonly string[]> {
    const body = (await this.#get('alerts')) as
      | { alerts: { state: string; labels: { alertname: string } }[] }
      | undefined;
    return (body?.alerts ?? []).flatMap(({ state, labels }) =>
      state === 'firing' ? [labels.alertname] : [],
    );
  }

  /** Ends it, and removes what it has stored. */
  async stop(): Promise<void> {
    const child = this.#child;
    if (child?.exitCode === null && child.signalCode === null) {
      const exit = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await exit;
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #get(path: string): Promise<unknown> {
    const url = `http://127.0.0.1:${this.#port}/api/v1/${path}`;
    const response = await fetch(url).catch(() => undefined);
    return response?.ok === true ? ((await response.json()) as { data: unknown }).data : undefined;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
