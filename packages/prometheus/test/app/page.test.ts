import { type Server, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MemoryTransport, StatsdClient, type StatsdOptions } from '@afstatsd/core';
import {
  type PageRequest,
  type PageResponse,
  type PrometheusPage,
  type PrometheusPageOptions,
  prometheusPage,
} from '@afstatsd/prometheus';
import { parseExposition, useCleanup } from '@afstatsd/testing';
import { expect } from 'chai';
import express from 'express';
import { fastify } from 'fastify';
import { describe, it } from 'mocha';

interface App {
  readonly statsd: StatsdClient;
  readonly page: PrometheusPage;
}

describe('the page of a process', () => {
  const later = useCleanup();

  const make = (options: PrometheusPageOptions = {}, client: StatsdOptions = {}): App => {
    const statsd = new StatsdClient({ service: false, handleSignals: false, interval: Infinity, ...client });
    const page = prometheusPage({ statsd, ...options });
    later(async () => {
      page.close();
      await statsd.shutdown();
    });
    return { statsd, page };
  };

  const listen = async (handler: (asked: PageRequest, answer: PageResponse) => unknown): Promise<string> => {
    const server: Server = createServer((asked, answer) => void handler(asked, answer));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    later(() => {
      server.closeAllConnections();
      server.close();
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`;
  };

  /** Samples as `name{label values}`, but for buckets. */
  const valuesAt = async (url: string): Promise<Record<string, number>> => {
    const { samples } = parseExposition(await (await fetch(url)).text());
    const plain = samples.filter(({ name }) => !name.endsWith('_bucket'));
    return Object.fromEntries(
      plain.map((one) => [`${one.name}{${Object.values(one.labels).join()}}`, one.value]),
    );
  };

  it('shows totals of what was recorded up to the request, under the names of the collector', async () => {
    const { statsd, page } = make();
    const url = await listen(page);
    statsd.increment('orders.placed', { tags: { method: 'card' } });
    statsd.updateStats('weight', 0.5);
    statsd.timing('load', 20);
    statsd.gauge('size', 7);
    statsd.set('users', 'anna');
    statsd.gauge('read', () => 3);
    const expected = {
      'orders_placed_total{card}': 1,
      'weight_total{}': 0.5,
      'load_seconds_sum{}': 0.02,
      'load_seconds_count{}': 1,
      'size{}': 7,
      'users{}': 1,
      'read{}': 3,
    };
    expect(await valuesAt(url)).to.deep.equal(expected);
    expect(await valuesAt(url)).to.deep.equal(expected);
    statsd.increment('orders.placed', { tags: { method: 'card' } });
    statsd.timing('load', 30);
    expect(await valuesAt(url)).to.deep.equal({
      ...expected,
      'orders_placed_total{card}': 2,
      'load_seconds_sum{}': 0.05,
      'load_seconds_count{}': 2,
    });
  });

  it("adds the client's prefix and tags, and a prefix of its own", async () => {
    const { statsd, page } = make(
      { prefix: 'acme' },
      { prefix: 'shop', tags: { region: 'eu' }, service: 'web' },
    );
    const url = await listen(page);
    statsd.increment('orders', { tags: { region: 'us' } });
    const { samples } = parseExposition(await (await fetch(url)).text());
    expect(samples).to.deep.equal([
      { name: 'acme_shop_orders_total', labels: { region: 'us', service: 'web' }, value: 1 },
    ]);
  });

  it('takes values of a histogram and a distribution for no durations', async () => {
    const rules = [{ match: 'basket', unit: 'euros' }];
    const { statsd, page } = make({ valueBounds: [10, 100] }, { rules });
    const url = await listen(page);
    statsd.histogram('basket', 42);
    statsd.distribution('parcel', 7);
    const { samples } = parseExposition(await (await fetch(url)).text());
    const valueOf = (name: string, le?: string): number | undefined =>
      samples.find((one) => one.name === name && one.labels['le'] === le)?.value;
    expect(valueOf('basket_euros_sum')).to.equal(42);
    expect([valueOf('basket_euros_bucket', '10'), valueOf('basket_euros_bucket', '100')]).to.deep.equal([
      0, 1,
    ]);
    expect([valueOf('parcel_sum'), valueOf('parcel_bucket', '10')]).to.deep.equal([7, 1]);
  });

  it('sorts every value of a timer by the bounds', async () => {
    const { statsd, page } = make({ bounds: [0.01, 0.1] });
    const url = await listen(page);
    for (let ms = 1; ms <= 1000; ms++) statsd.timing('load', ms);
    const { samples } = parseExposition(await (await fetch(url)).text());
    const buckets = samples.filter(({ name }) => name === 'load_seconds_bucket');
    expect(buckets.map(({ labels, value }) => [labels['le'], value])).to.deep.equal([
      ['0.01', 10],
      ['0.1', 100],
      ['+Inf', 1000],
    ]);
  });

  it('takes more metrics at once than fit one part', async () => {
    const { statsd, page } = make();
    const url = await listen(page);
    for (let at = 0; at < 3_000; at++) statsd.increment('many', { tags: { at } });
    for (let at = 0; at < 30; at++) for (let ms = 0; ms < 1_000; ms++) statsd.timing(`timer${at}`, ms);
    const values = await valuesAt(url);
    expect(Object.entries(values).filter(([name]) => name.startsWith('many_total'))).to.have.length(3_000);
    for (let at = 0; at < 30; at++) expect(values[`timer${at}_seconds_count{}`]).to.equal(1_000);
    const { recorded, sent, dropped } = statsd.stats();
    expect(sent).to.equal(recorded);
    expect(Object.values(dropped).every((count) => count === 0)).to.equal(true);
  });

  it('counts a value that stands for several as so many', async () => {
    const { statsd, page } = make({}, { maxSamples: 16 });
    const url = await listen(page);
    for (let ms = 1; ms <= 5_000; ms++) statsd.timing('load', ms);
    const values = await valuesAt(url);
    expect(values['load_seconds_count{}']).to.equal(5_000);
  });

  it('shows a new counter as 0 to a scraper, and counters that the app holds before their first event', async () => {
    const { statsd, page } = make();
    const url = await listen(page);
    statsd.createCounter('errors');
    statsd.increment('orders');
    const scrape = async (): Promise<string[]> => {
      const headers = { 'x-prometheus-scrape-timeout-seconds': '10', connection: 'keep-alive' };
      const text = await (await fetch(url, { headers })).text();
      return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    };
    expect((await scrape()).sort()).to.deep.equal(['errors_total 0', 'orders_total 0']);
    expect((await scrape()).sort()).to.deep.equal(['errors_total 0', 'orders_total 1']);
  });

  it('answers in the form that is asked for, and HEAD without a body', async () => {
    const { statsd, page } = make();
    const url = await listen(page);
    statsd.increment('orders');
    const open = await fetch(url, { headers: { accept: 'application/openmetrics-text' } });
    expect(open.headers.get('content-type')).to.include('application/openmetrics-text');
    expect(await open.text()).to.match(/# EOF\n$/);
    const packed = await new Promise<string | undefined>((resolve, reject) => {
      request(url, { headers: { 'accept-encoding': 'gzip' } }, (response) => {
        response.resume();
        resolve(response.headers['content-encoding']);
      })
        .on('error', reject)
        .end();
    });
    expect(packed).to.equal('gzip');
    const head = await fetch(url, { method: 'HEAD' });
    expect([head.status, await head.text()]).to.deep.equal([200, '']);
  });

  it("shows what the client's rules say, whenever they come", async () => {
    const { statsd, page } = make({}, { prefix: 'shop' });
    const url = await listen(page);
    statsd.configure({
      rules: [
        { match: 'old.*', rename: 'new.$1' },
        { match: 'new.load', buckets: [0.01, 0.1], help: 'How long it takes.' },
        { match: 'debug', deny: true },
      ],
    });
    statsd.timing('old.load', 50);
    statsd.increment('debug');
    const { samples, helps } = parseExposition(await (await fetch(url)).text());
    expect(helps.get('shop_new_load_seconds')).to.equal('How long it takes.');
    expect(samples.map(({ name, labels, value }) => [name, labels['le'], value])).to.deep.equal([
      ['shop_new_load_seconds_bucket', '0.01', 0],
      ['shop_new_load_seconds_bucket', '0.1', 1],
      ['shop_new_load_seconds_bucket', '+Inf', 1],
      ['shop_new_load_seconds_sum', undefined, 0.05],
      ['shop_new_load_seconds_count', undefined, 1],
    ]);
  });

  it('is one line in Express', async () => {
    const { statsd, page } = make();
    const app = express();
    app.get('/metrics', page);
    const url = await listen(app as never);
    statsd.increment('orders');
    expect(await valuesAt(url)).to.deep.equal({ 'orders_total{}': 1 });
  });

  it('is one line in Fastify', async () => {
    const { statsd, page } = make();
    const app = fastify();
    app.get('/metrics', page);
    const url = await app.listen({ port: 0, host: '127.0.0.1' });
    later(() => app.close());
    statsd.increment('orders');
    expect(await valuesAt(`${url}/metrics`)).to.deep.equal({ 'orders_total{}': 1 });
  });

  it('renders itself for other servers', async () => {
    const { statsd, page } = make();
    statsd.increment('orders');
    const { headers, body } = await page.render();
    expect(headers['Content-Type']).to.include('text/plain');
    expect(body.toString()).to.include('orders_total 1\n');
  });

  it('has the client send elsewhere as well', async () => {
    const memory = new MemoryTransport();
    const { statsd, page } = make({ alsoTo: memory });
    statsd.increment('orders');
    expect((await page.render()).body.toString()).to.include('orders_total 1\n');
    expect(memory.find('orders')).to.have.length(1);
  });

  it('still answers when the client was shut down', async () => {
    const { statsd, page } = make();
    statsd.increment('orders');
    await statsd.shutdown();
    expect((await page.render()).body.toString()).to.include('orders_total 1\n');
  });

  it('answers several requests at once', async () => {
    const { statsd, page } = make();
    const url = await listen(page);
    statsd.increment('orders');
    const all = await Promise.all(Array.from({ length: 20 }, () => valuesAt(url)));
    for (const one of all) expect(one).to.deep.equal({ 'orders_total{}': 1 });
  });

  for (const [options, message] of [
    [{ bound: [1] }, 'unknown option'],
    [{ bounds: [2, 1] }, 'option bounds must be finite numbers in rising order'],
    [{ bounds: 5 }, 'option bounds must be a list of numbers in rising order; it is 5'],
    [{ statsd: {} }, 'option statsd must be a StatsdClient'],
    [{ alsoTo: 'ftp://x' }, "option alsoTo can't be"],
    [{ maxMetrics: 0 }, 'option maxMetrics must be an integer of at least 1'],
    [{ timeout: -1 }, 'option timeout must be a number of ms'],
  ] as const) {
    it(`refuses ${JSON.stringify(options)}`, () => {
      expect(() => prometheusPage(options as never)).to.throw(TypeError, message);
    });
  }
});
