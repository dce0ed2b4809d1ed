import { type Decoded } from '@afstatsd/core';
import { describeWith, until, usePrometheusServers, nearestRank, skewedValues } from '@afstatsd/testing';
import { expect } from 'chai';
import { PrometheusOutput, type PrometheusOptions } from '../../src/output/prometheus/prometheus.js';

const NATIVE = ['--enable-feature=native-histograms'];

describeWith('prometheus', 'Prometheus with native histograms', () => {
  const startServer = usePrometheusServers();
  let output: PrometheusOutput;

  afterEach(() => output.close(1000));

  const start = async (options: PrometheusOptions = {}): Promise<PrometheusOutput> => {
    output = new PrometheusOutput({ port: 0, logger: { warn: () => {} }, ...options });
    await output.start();
    return output;
  };
  const record = (values: readonly number[], rate = 1): void => {
    const timer: Decoded = { type: 'timer', name: 'login', values, rate, tags: [['a', 'b"\\c']] };
    output.ingest(timer);
  };

  it('has every quantile within 2 %, though nobody has chosen bounds', async () => {
    const { url } = await start();
    const server = await startServer(new URL(url).host, {}, NATIVE);
    const values = skewedValues(20_000);
    record(values);
    await until(
      'all values are there',
      async () => (await server.number('histogram_count(login_seconds)')) === 20_000,
    );
    const [result] = await server.query('login_seconds');
    expect(result!.metric).to.include({ a: 'b"\\c' });
    for (const share of [0.01, 0.5, 0.9, 0.99, 0.999]) {
      const read = await server.number(`histogram_quantile(${share}, login_seconds)`);
      const right = nearestRank(values, share) / 1000;
      expect(Math.abs(read / right - 1), `${share}: ${read} for ${right}`).to.be.below(0.02);
    }
    const sum = values.reduce((all, one) => all + one, 0) / 1000;
    expect(await server.number('histogram_sum(login_seconds)')).to.be.closeTo(sum, 1e-9 * sum);
    // No classic series of a native histogram.
    expect(await server.query('login_seconds_bucket')).to.deep.equal([]);
  });

  it('has values of every size and sign, and those of sampled calls', async () => {
    const { url } = await start();
    const server = await startServer(new URL(url).host, {}, NATIVE);
    record([0, -5, -5.1, 1e-9, 5, 1e12, 0]);
    record([7, 8], 0.3);
    await until(
      'all values are there',
      async () => (await server.number('histogram_count(login_seconds)')) === 14,
    );
    output.ingest({ type: 'counter', name: 'hits', value: 3, rate: 1 });
    output.ingest({ type: 'gauge', name: 'depth', value: -2.5 });
    await until('the counter is there', async () => (await server.number('hits_total')) === 3);
    expect(await server.number('depth')).to.equal(-2.5);
    expect(await server.number('up')).to.equal(1);
  });

  it('grows by what was recorded between two scrapes, as an integer', async () => {
    const { url } = await start();
    const server = await startServer(new URL(url).host, {}, NATIVE);
    record([1]);
    await until('it is there', async () => (await server.number('histogram_count(login_seconds)')) === 1);
    record(skewedValues(300));
    await until('it has grown', async () => (await server.number('histogram_count(login_seconds)')) === 301);
    expect(await server.number('resets(login_seconds[1m])')).to.equal(0);
  });

  it('has classic buckets where bounds are asked for', async () => {
    const { url } = await start({ bounds: [0.1, 1] });
    const server = await startServer(new URL(url).host, {}, NATIVE);
    record([100, 101, 5000]);
    await until('the values are there', async () => (await server.number('login_seconds_count')) === 3);
    const buckets = await server.query('login_seconds_bucket');
    const counts = Object.fromEntries(buckets.map(({ metric, value }) => [metric['le'], value[1]]));
    expect(counts).to.deep.equal({ '0.1': '1', '1.0': '2', '+Inf': '3' });
    expect(await server.query('histogram_count(login_seconds)')).to.deep.equal([]);
  });
});
