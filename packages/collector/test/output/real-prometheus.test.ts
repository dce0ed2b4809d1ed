import { execFile } from 'node:child_process';
import { decode } from '@afstatsd/core';
import { describeWith, until, usePrometheusServers } from '@afstatsd/testing';
import { expect } from 'chai';
import { PrometheusOutput } from '../../src/output/prometheus/prometheus.js';

describeWith('prometheus', 'Prometheus output and Prometheus itself', () => {
  const startServer = usePrometheusServers();
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

  it('has an exposition that promtool finds nothing wrong with', async () => {
    record(
      'website.pageviews:3|c|#route:/a',
      'queue.size:7|g',
      'login:200,300|ms',
      'stock:-2|c',
      'users:ann|s',
    );
    expect(await promtool()).to.deep.equal({ code: 0, text: '' });
  });

  it('has an exposition that promtool can read when names and tags are hostile', async () => {
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

  it('is scraped by a server, which answers queries about it', async () => {
    record('website.pageviews:42|c|#host.name:"web\\1"', 'website_pageviews:1|c', 'login:100,200,300|ms');
    const server = await startServer(new URL(output.url).host);
    // The first scrape has had 0.
    await until('the value is there', async () => (await server.number('login_seconds_count')) > 0);
    const [pageviews] = await server.query('website_pageviews_total');
    expect(pageviews!.value[1]).to.equal('42');
    expect(pageviews!.metric).to.include({ host_name: '"web\\1"', job: 'statsd' });
    expect(await server.number('login_seconds_bucket{le="0.25"}')).to.equal(2);
    expect(await server.number('up{job="statsd"}')).to.equal(1);
  });
});
