import { type IncomingMessage, get } from 'node:http';
import { type Socket, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { decode } from '@afstatsd/core';
import { until, useCleanup } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { PrometheusOutput, type PrometheusOptions } from '../../src/output/prometheus/prometheus.js';
import { HttpScraper } from '../support/http-scraper.js';

describe('Prometheus output, whoever asks,', () => {
  const later = useCleanup();
  const warnings: string[] = [];
  const logger = { warn: (line: string) => void warnings.push(line) };
  beforeEach(() => void (warnings.length = 0));

  const start = async (options: PrometheusOptions = {}, metrics = 0): Promise<PrometheusOutput> => {
    const output = new PrometheusOutput({ port: 0, maxMetrics: 100_000, logger, ...options });
    await output.start();
    later(() => output.close(0));
    const name = 'long.'.repeat(90);
    for (let i = 0; i < metrics; i++)
      for (const metric of decode(`${name}${i}:1|c`).metrics) output.ingest(metric);
    return output;
  };
  /** A client that asks for the page, and never reads it. */
  const stalled = async (output: PrometheusOutput): Promise<Socket> => {
    const socket = connect(Number(new URL(output.url).port), '127.0.0.1').pause();
    socket.on('error', () => {});
    later(() => socket.destroy());
    socket.write('GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await until('it is connected', () => !socket.connecting);
    return socket;
  };
  const health = async (output: PrometheusOutput): Promise<number> =>
    (await fetch(new URL('/healthz', output.url))).status;
  const ask = (output: PrometheusOutput, host: string, path = '/metrics'): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const headers = host === '' ? {} : { host };
      const options = { headers, setHost: false, agent: false as const };
      get(new URL(path, output.url), options, (response) => resolve(response.resume())).on('error', reject);
    });

  it('makes one page for all who wait and for the second after', async () => {
    let now = 1_000_000;
    const output = await start({ now: () => now }, 2000);
    const read = async (): Promise<string> => text((await fetch(output.url)).body!);
    const pages = await Promise.all(Array.from({ length: 20 }, read));
    expect(new Set(pages).size).to.equal(1);
    output.ingest({ type: 'counter', name: 'later', value: 1, rate: 1 });
    now += 999;
    expect(await read()).to.equal(pages[0]);
    now += 1;
    expect(await read()).to.include('\nlater_total 1\n');
  });

  it('makes a small page for each request, with the values of the moment', async () => {
    const output = await start({ now: () => 1_000_000 });
    for (let i = 1; i <= 5; i++) {
      output.ingest({ type: 'counter', name: 'hits', value: 1, rate: 1 });
      expect(await (await fetch(output.url)).text()).to.include(`hits_total ${i}\n`);
    }
  });

  it('shows scrapers who share a page the same zeros, and no counter falls for any of them', async () => {
    let now = 1_000_000;
    const output = await start({ now: () => now }, 500);
    const scrapers = Array.from({ length: 5 }, () => new HttpScraper(output.url));
    later(() => scrapers.forEach((scraper) => scraper.close()));
    const all = (): Promise<(number | undefined)[]> =>
      Promise.all(scrapers.map(async (scraper) => (await scraper.scrape())['hits_total']));
    await all();
    output.ingest({ type: 'counter', name: 'hits', value: 7, rate: 1 });
    now += 15_000;
    expect(await all()).to.deep.equal([0, 0, 0, 0, 0]);
    now += 500; // the same page again
    expect(await all()).to.deep.equal([0, 0, 0, 0, 0]);
    now += 15_000;
    expect(await all()).to.deep.equal([7, 7, 7, 7, 7]);
  });

  it('lets go of clients that never read, and answers others meanwhile', async () => {
    const output = await start({ stallTimeout: 300 }, 15_000);
    const page = await (await fetch(output.url)).text();
    expect(page.length).to.be.above(2 ** 24); // more than the kernel takes for one who doesn't read
    const clients = await Promise.all(Array.from({ length: 20 }, () => stalled(output)));
    expect(await health(output)).to.equal(200);
    await until('they are let go', () => output.stats().errors === clients.length);
    expect(warnings.filter((line) => !line.includes('the page has'))).to.deep.equal([
      'Prometheus output: a response made no progress for 300 ms, and was ended',
    ]);
    expect(await health(output)).to.equal(200);
  });

  it('does not end a response that is read slowly, but read', async () => {
    const stallTimeout = 1000;
    const output = await start({ stallTimeout }, 15_000);
    const page = await (await fetch(output.url)).text();
    const response = await new Promise<IncomingMessage>((resolve) => get(output.url, resolve));
    const began = performance.now();
    let [bytes, portion] = [0, 0];
    response.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      portion += chunk.length;
      if (portion < 1_000_000) return;
      portion = 0;
      response.pause();
      setTimeout(() => response.resume(), 100);
    });
    await until('it has ended', () => response.closed);
    expect(bytes).to.equal(Buffer.byteLength(page));
    expect(performance.now() - began).to.be.above(stallTimeout);
  });

  it('closes the oldest connections when there are too many, and answers /healthz always', async () => {
    const output = await start({ maxConnections: 10 });
    const port = Number(new URL(output.url).port);
    const idle: Socket[] = [];
    let closed = 0;
    for (let i = 0; i < 30; i++) {
      const socket = connect(port, '127.0.0.1').on('error', () => {});
      socket.on('close', () => closed++).resume();
      idle.push(socket);
      later(() => socket.destroy());
    }
    await until('twenty are closed', () => closed === 20);
    expect(await health(output)).to.equal(200);
    expect(warnings).to.deep.equal([
      'Prometheus output: there are too many connections: the oldest are closed',
    ]);
  });

  const statuses = async (
    output: PrometheusOutput,
    hosts: readonly string[],
  ): Promise<(number | undefined)[]> =>
    Promise.all(hosts.map(async (host) => (await ask(output, host)).statusCode));

  it('on loopback answers to addresses, no name, its own and those of loopback; to no other', async () => {
    const output = await start({ allowHosts: ['Metrics.Example.com'] });
    const { hostname } = await import('node:os');
    // An address of a pod, a port-forward (localhost), the machine's name, and none.
    const right = [
      '',
      '10.1.2.3:9102',
      '[::1]:9102',
      'localhost:40123',
      'LOCALHOST.',
      hostname(),
      'metrics.example.com',
    ];
    expect(await statuses(output, right)).to.deep.equal(right.map(() => 200));
    const wrong = [
      'evil.example',
      'evil.example:9102',
      'localhost.evil.example',
      '127.0.0.1.evil.example',
      'a b:c',
    ];
    expect(await statuses(output, wrong)).to.deep.equal(wrong.map(() => 421));
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.equal(
      'Prometheus output: refused a request for host "evil.example" (421). If that is a name of this collector, give --allow-host',
    );
    for (const host of wrong) expect((await ask(output, host, '/healthz')).statusCode).to.equal(200);
  });

  it('elsewhere answers to any name: those of compose and of services, unless names are given', async () => {
    const names = ['collector:9102', 'collector.shop.svc.cluster.local', 'evil.example'];
    expect(await statuses(await start({ host: '0.0.0.0' }), names)).to.deep.equal([200, 200, 200]);
    const strict = await start({ host: '0.0.0.0', allowHosts: ['collector'] });
    expect(await statuses(strict, [...names, '10.1.2.3', 'localhost'])).to.deep.equal([
      200, 421, 421, 200, 200,
    ]);
  });
});
