import { type IncomingMessage, get } from 'node:http';
import { buffer, text } from 'node:stream/consumers';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { gunzipSync } from 'node:zlib';
import { useCleanup, parseExposition } from '@afstatsd/testing';
import { expect } from 'chai';
import { PrometheusOutput, type PrometheusOptions } from '../../src/output/prometheus/prometheus.js';

const PROTOBUF = 'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited';
const LIMIT_BYTES = 16 * 1024 * 1024;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

describe('the page of the Prometheus output', () => {
  const later = useCleanup();
  const warnings: string[] = [];
  beforeEach(() => void (warnings.length = 0));

  const start = async (metrics: number, options: PrometheusOptions = {}): Promise<PrometheusOutput> => {
    const logger = { warn: (line: string) => void warnings.push(line) };
    const output = new PrometheusOutput({ port: 0, maxMetrics: 200_000, logger, ...options });
    await output.start();
    later(() => output.close(0));
    for (let i = 0; i < metrics; i++) {
      output.ingest({
        type: 'counter',
        name: `family.${i % 50}`,
        value: i,
        rate: 1,
        tags: [['item', `item-${i}`]],
      });
    }
    return output;
  };
  const ask = (output: PrometheusOutput, headers: Record<string, string> = {}): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      get(output.url, { agent: false, headers }, resolve).on('error', reject);
    });

  it('is in gzip where that is asked for, and says the same', async () => {
    for (const metrics of [3, 30_000]) {
      const output = await start(metrics);
      const plain = await ask(output);
      expect(plain.headers).not.to.have.property('content-encoding');
      const page = await text(plain);
      const packed = await ask(output, { 'accept-encoding': 'gzip' });
      expect(packed.headers).to.include({ 'content-encoding': 'gzip', vary: 'Accept, Accept-Encoding' });
      const bytes = await buffer(packed);
      expect(gunzipSync(bytes).toString()).to.equal(page);
      expect(parseExposition(page).samples).to.have.length(metrics);
      if (metrics > 3) expect(bytes.length * 4).to.be.below(page.length);
    }
  });

  it('is text, OpenMetrics or protobuf, as it is asked for', async () => {
    const output = await start(3);
    const types = [];
    for (const accept of ['*/*', 'application/openmetrics-text;version=1.0.0', PROTOBUF]) {
      const response = await ask(output, { accept });
      types.push(response.headers['content-type']);
      const page = await buffer(response);
      if (accept.includes('openmetrics')) expect(page.toString()).to.match(/\n# EOF\n$/);
    }
    expect(types).to.deep.equal([
      'text/plain; version=0.0.4; charset=utf-8',
      'application/openmetrics-text; version=1.0.0; charset=utf-8',
      'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited',
    ]);
  });

  it('has its length in the head if it is short, and is sent as it is made if it isn’t', async () => {
    const short = await ask(await start(3));
    const page = await buffer(short);
    expect(short.headers).to.include({ 'content-length': String(page.length) });
    const long = await ask(await start(30_000));
    expect(long.headers).to.include({ 'transfer-encoding': 'chunked' });
    long.destroy();
  });

  it('is never in memory as a whole, though it is read slowly', async () => {
    const output = await start(0);
    for (let i = 0; i < 40_000; i++) {
      output.ingest({ type: 'gauge', name: 'depth', value: i, tags: [['item', `${'x'.repeat(300)}${i}`]] });
    }
    /** The least of five looks, because the memory of collected buffers is given back a while after they are collected. */
    const held = async (): Promise<number> => {
      const looks: number[] = [];
      for (let i = 0; i < 5; i++) {
        collectGarbage();
        looks.push(process.memoryUsage().arrayBuffers);
        await new Promise(setImmediate);
      }
      return Math.min(...looks);
    };
    const before = await held();
    let [read, most, looked] = [0, 0, 0];
    for await (const chunk of (await ask(output)) as AsyncIterable<Buffer>) {
      read += chunk.length;
      await new Promise(setImmediate);
      if (read - looked < 1_000_000) continue;
      looked = read;
      most = Math.max(most, (await held()) - before);
    }
    expect(read).to.be.above(12_000_000);
    // 4 MiB are kept for others who ask in the same second, and the kernel takes some.
    expect(most).to.be.below(7_000_000);
  });

  it('is warned about before it is too long for VictoriaMetrics, and isn’t sent in gzip past that', async () => {
    let now = 1_000_000;
    const output = await start(0, { now: () => now });
    const name = 'long.'.repeat(80);
    const fill = (from: number, to: number): void => {
      for (let i = from; i < to; i++) {
        output.ingest({ type: 'gauge', name, value: i, tags: [['item', `${'x'.repeat(60)}${i}`]] });
      }
    };
    const gzip = { 'accept-encoding': 'gzip' };
    fill(0, 20_000);
    await buffer(await ask(output, gzip));
    expect(warnings).to.deep.equal([]);
    fill(20_000, 32_000);
    now += 2_000; // a page is kept for a second
    let response = await ask(output, gzip);
    expect(response.headers).to.include({ 'content-encoding': 'gzip' });
    const near = gunzipSync(await buffer(response)).length;
    expect(near).to.be.within(0.9 * LIMIT_BYTES, LIMIT_BYTES);
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.equal(
      `Prometheus output: the page has ${near.toLocaleString('en')} bytes; from 16,777,216 on VictoriaMetrics refuses it, unless its -promscrape.maxScrapeSize is raised`,
    );
    fill(32_000, 36_000);
    now += 2_000;
    response = await ask(output, gzip);
    expect(response.headers).not.to.have.property('content-encoding');
    const past = (await buffer(response)).length;
    expect(past).to.be.above(LIMIT_BYTES);
    expect(warnings).to.have.length(2);
    expect(warnings[1]).to.equal(
      `Prometheus output: the page has ${past.toLocaleString('en')} bytes, and is sent without gzip; VictoriaMetrics refuses it, unless its -promscrape.maxScrapeSize is raised`,
    );
  });
});
