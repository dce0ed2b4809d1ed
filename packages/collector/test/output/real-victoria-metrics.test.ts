import { describeWith, until, useVictoriaMetrics } from '@afstatsd/testing';
import { expect } from 'chai';
import { PrometheusOutput } from '../../src/output/prometheus/prometheus.js';

describeWith('victoria-metrics', 'Prometheus output and VictoriaMetrics itself', () => {
  const startServer = useVictoriaMetrics();
  let output: PrometheusOutput;

  beforeEach(async () => {
    output = new PrometheusOutput({ port: 0, maxMetrics: 100_000, logger: { warn: () => {} } });
    await output.start();
  });
  afterEach(() => output.close(1000));

  const fill = (count: number): void => {
    for (let i = 0; i < count; i++) {
      const tags: [string, string][] = [['item', `${'x'.repeat(400)}${i}`]];
      output.ingest({ type: 'gauge', name: 'depth', value: i, tags });
    }
  };

  it('has a page that is stored as it is, in gzip', async () => {
    fill(20_000);
    output.ingest({ type: 'counter', name: 'hits', value: 42, rate: 1, tags: [['a', 'b"\\']] });
    output.ingest({ type: 'timer', name: 'login', values: [100, 101], rate: 1 });
    const server = await startServer(new URL(output.url).host);
    await until('all series are there', async () => (await server.number('count(depth)')) === 20_000);
    await until('the counter is there', async () => (await server.number('hits_total{a="b\\"\\\\"}')) === 42);
    expect(await server.number('login_seconds_bucket{le="0.1"}')).to.equal(1);
    expect(await server.number('up')).to.equal(1);
  });

  it('has a page past 16 MiB that is refused as a whole, so nothing of it passes for all of it', async () => {
    fill(45_000);
    const server = await startServer(new URL(output.url).host);
    expect(await server.number('up')).to.equal(0);
    expect(await server.query('count(depth)')).to.deep.equal([]);
  });

  it('takes a page past 16 MiB if its limit is raised', async () => {
    fill(45_000);
    const options = ['-promscrape.maxScrapeSize=64MiB'];
    const server = await startServer(new URL(output.url).host, options);
    await until('all series are there', async () => (await server.number('count(depth)')) === 45_000);
    expect(await server.number('up')).to.equal(1);
  });
});
