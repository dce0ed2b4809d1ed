import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decode } from '@afstatsd/core';
import { expect } from 'chai';
import { PrometheusOutput } from '../../src/output/prometheus.js';
import { until } from './support/until.js';

const HOW_TO = 'apt-get install -y --no-install-recommends prometheus';

function isInstalled(program: string): boolean {
  return spawnSync(program, ['--version']).error === undefined;
}

describe('Prometheus output and Prometheus itself', function () {
  this.timeout(60_000);
  let output: PrometheusOutput;

  beforeEach(async () => {
    output = new PrometheusOutput({ port: 0, logger: { warn: () => {} } });
    await output.start();
  });
  afterEach(() => output.close(1000));

  const record = (...lines: string[]): void => {
    for (const line of lines) for (const metric of decode(line).metrics) output.ingest(metric);
  };
  const promtool = async (): Promise<{ code: number; text: string }> => {
    const exposition = await (await fetch(output.url)).text();
    return new Promise((resolve) => {
      const child = execFile('promtool', ['check', 'metrics'], (error, stdout, stderr) => {
        resolve({ code: Number(error?.code ?? 0), text: stdout + stderr });
      });
      child.stdin?.end(exposition);
    });
  };

  it('has an exposition that promtool finds nothing wrong with', async function () {
    if (!isInstalled('promtool')) {
      console.log(`      needs promtool: ${HOW_TO}`);
      this.skip();
    }
    record(
      'website.pageviews:3|c|#route:/a',
      'queue.size:7|g',
      'login:200,300|ms',
      'stock:-2|c',
      'users:ann|s',
    );
    expect(await promtool()).to.deep.equal({ code: 0, text: '' });
  });

  it('has an exposition that promtool can read when names and tags are hostile', async function () {
    if (!isInstalled('promtool')) {
      console.log(`      needs promtool: ${HOW_TO}`);
      this.skip();
    }
    const names = [
      'x',
      'x_count',
      'x_bucket',
      'x_seconds',
      'x_seconds_count',
      'x_total',
      '日本',
      '5',
      'a\nb',
      '\ud800',
      '"{}',
    ];
    for (const name of names) {
      for (const value of ['', 'true', 'a"b\\', '\\n', '\ud800', '日本\u2028', 'x'.repeat(100)]) {
        const named = {
          name,
          tags: [
            ['le', value],
            [name, value],
            ['__name__', value],
          ] as [string, string][],
        };
        output.ingest({ type: 'counter', value: 1, rate: 1, ...named });
        output.ingest({ type: 'counter', value: -1, rate: 0.3, ...named });
        output.ingest({ type: 'gauge', value: -1e300, ...named });
        output.ingest({ type: 'timer', values: [1, 1e308, 1e308, -5], rate: 0.3, ...named });
        output.ingest({ type: 'timer', as: 'histogram', values: [1, 2], rate: 1, ...named });
        output.ingest({ type: 'set', members: ['a'], ...named });
      }
    }
    const { code, text } = await promtool();
    expect(code, text).to.be.oneOf([0, 3]); // 1 is what can't be read, 3 what isn't recommended
  });

  it('is scraped by a server, which answers queries about it', async function () {
    if (!isInstalled('prometheus')) {
      console.log(`      needs prometheus: ${HOW_TO}`);
      this.skip();
    }
    record('website.pageviews:42|c|#host.name:"web\\1"', 'website_pageviews:1|c', 'login:100,200,300|ms');
    const folder = mkdtempSync(join(tmpdir(), 'afstatsd-prometheus-'));
    const port = await freePort();
    const config = join(folder, 'prometheus.yml');
    writeFileSync(
      config,
      JSON.stringify({
        global: { scrape_interval: '1s' },
        scrape_configs: [{ job_name: 'statsd', static_configs: [{ targets: [new URL(output.url).host] }] }],
      }),
    );
    let server: ChildProcess | undefined;
    try {
      server = spawn(
        'prometheus',
        [
          `--config.file=${config}`,
          `--storage.tsdb.path=${join(folder, 'data')}`,
          `--web.listen-address=127.0.0.1:${port}`,
        ],
        { stdio: 'ignore' },
      );
      const query = async (
        text: string,
      ): Promise<{ metric: Record<string, string>; value: [number, string] }[]> => {
        const url = `http://127.0.0.1:${port}/api/v1/query?query=${encodeURIComponent(text)}`;
        const response = await fetch(url).catch(() => undefined);
        if (response?.ok !== true) return []; // it is still starting
        return ((await response.json()) as { data: { result: [] } }).data.result;
      };
      await until('the metric is there', async () => (await query('login_seconds_count')).length > 0, 50_000);
      const [pageviews] = await query('website_pageviews_total');
      expect(pageviews!.value[1]).to.equal('42');
      expect(pageviews!.metric).to.include({ host_name: '"web\\1"', job: 'statsd' });
      expect((await query('login_seconds_bucket{le="0.25"}'))[0]!.value[1]).to.equal('2');
      expect((await query('up{job="statsd"}'))[0]!.value[1]).to.equal('1');
    } finally {
      await ended(server);
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function ended(child: ChildProcess | undefined): Promise<void> {
  if (child === undefined || child.exitCode !== null) return;
  const exit = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await exit;
}
