import { decode } from '@afstatsd/core';
import { until } from '@afstatsd/testing';
import { expect } from 'chai';
import { PrometheusOutput } from '../../src/output/prometheus/prometheus.js';
import { HttpScraper } from '../support/http-scraper.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

describe('Prometheus output, for series that are new', () => {
  let output: PrometheusOutput;
  let now = 0;
  const scrapers: HttpScraper[] = [];

  beforeEach(async () => {
    now = 1_000_000;
    output = new PrometheusOutput({ port: 0, bounds: [0.1, 1], now: () => now });
    await output.start();
  });
  afterEach(async () => {
    for (const scraper of scrapers.splice(0)) scraper.close();
    await output.close(1000);
  });

  const record = (...lines: string[]): void => {
    for (const line of lines) for (const metric of decode(line).metrics) output.ingest(metric);
  };
  const scraper = (): HttpScraper => {
    const one = new HttpScraper(output.url);
    scrapers.push(one);
    return one;
  };
  const curl = (): HttpScraper => {
    const one = new HttpScraper(output.url, { 'User-Agent': 'curl/7.88.1' });
    scrapers.push(one);
    return one;
  };
  /** The page after so many seconds. */
  const after = (seconds: number, one: HttpScraper): Promise<Record<string, number>> => {
    now += seconds * SECOND;
    return one.scrape();
  };

  it('shows a scraper a counter as 0 once, and then its value', async () => {
    const prometheus = scraper();
    await prometheus.scrape();
    record('payment.failed:1|c');
    expect(await after(15, prometheus)).to.deep.equal({ payment_failed_total: 0 });
    record('payment.failed:2|c');
    expect(await after(15, prometheus)).to.deep.equal({ payment_failed_total: 3 });
    record('payment.failed:4|c');
    expect(await after(15, prometheus)).to.deep.equal({ payment_failed_total: 7 });
  });

  it('holds each series by itself, also those of one name', async () => {
    const prometheus = scraper();
    record('hits:1|c');
    await prometheus.scrape();
    record('other:1|c', 'hits:1|c');
    expect(await after(15, prometheus)).to.deep.equal({ hits_total: 2, other_total: 0 });
    expect(await after(15, prometheus)).to.deep.equal({ hits_total: 2, other_total: 1 });
  });

  it('turns the parts of a histogram together', async () => {
    const prometheus = scraper();
    record('login:50,500,5000|ms', 'size:7|h');
    expect(await prometheus.scrape()).to.include({
      'login_seconds_bucket 0.1': 0,
      'login_seconds_bucket 1': 0,
      'login_seconds_bucket +Inf': 0,
      login_seconds_count: 0,
      login_seconds_sum: 0,
      size_count: 0,
      size_sum: 0,
      'size_bucket +Inf': 0,
    });
    expect(await after(15, prometheus)).to.include({
      'login_seconds_bucket 0.1': 1,
      'login_seconds_bucket 1': 2,
      'login_seconds_bucket +Inf': 3,
      login_seconds_count: 3,
      login_seconds_sum: 5.55,
      size_count: 1,
      size_sum: 7,
      'size_bucket +Inf': 1,
    });
  });

  it('holds decrements, and neither gauges nor sets', async () => {
    const prometheus = scraper();
    record('stock:-3|c', 'queue.size:7|g', 'users:ann|s');
    const first = { stock_decrements_total: 0, queue_size: 7, users: 1 };
    expect(await prometheus.scrape()).to.deep.equal(first);
    expect(await after(15, prometheus)).to.deep.equal({ ...first, stock_decrements_total: 3 });
  });

  it('takes a counter of 0 for the announcement of a series: its first event shows at once', async () => {
    const prometheus = scraper();
    record('payment.failed:0|c::order.failed:0|c', 'refund.failed:0|c|#service:shop');
    const zeros = { payment_failed_total: 0, order_failed_total: 0, refund_failed_total: 0 };
    expect(await prometheus.scrape()).to.deep.equal(zeros);
    expect(await curl().scrape()).to.deep.equal(zeros);
    record('payment.failed:1|c::order.failed:2|c', 'refund.failed:3|c|#service:shop');
    expect(await after(15, prometheus)).to.deep.equal({
      payment_failed_total: 1,
      order_failed_total: 2,
      refund_failed_total: 3,
    });
  });

  it('holds an announced series whose 0 nobody has had yet', async () => {
    const prometheus = scraper();
    record('payment.failed:0|c', 'payment.failed:1|c');
    expect(await prometheus.scrape()).to.deep.equal({ payment_failed_total: 0 });
    expect(await after(15, prometheus)).to.deep.equal({ payment_failed_total: 1 });
  });

  it('shows curl and probes the true values, and they change nothing', async () => {
    record('hits:5|c', 'login:50|ms');
    const [prometheus, other] = [scraper(), curl()];
    for (const look of [0, 1, 2]) {
      expect(await after(look, other)).to.include({ hits_total: 5, login_seconds_count: 1 });
      await fetch(new URL('/healthz', output.url));
      await fetch(output.url, { method: 'HEAD', headers: { 'X-Prometheus-Scrape-Timeout-Seconds': '10' } });
    }
    expect(await prometheus.scrape()).to.include({ hits_total: 0, login_seconds_count: 0 });
    expect(await other.scrape()).to.include({ hits_total: 5 });
    expect(await after(15, prometheus)).to.include({ hits_total: 5 });
  });

  it('holds a series until the slowest scraper has had its 0', async () => {
    const [fast, slow] = [scraper(), scraper()];
    await Promise.all([fast.scrape(), slow.scrape()]);
    record('hits:1|c');
    for (const look of [15, 15, 15]) expect(await after(look, fast)).to.deep.equal({ hits_total: 0 });
    expect(await after(5, slow)).to.deep.equal({ hits_total: 0 });
    expect(await after(10, fast)).to.deep.equal({ hits_total: 1 });
    expect(await after(50, slow)).to.deep.equal({ hits_total: 1 });
  });

  it('waits two minutes at most', async () => {
    const [fast, slow] = [scraper(), scraper()];
    for (let round = 0; round < 3; round++) {
      now += 100 * SECOND;
      await Promise.all([fast.scrape(), slow.scrape()]);
    }
    record('hits:1|c'); // the slow one is active for five minutes, and doesn't come
    const seen: number[] = [];
    for (let look = 1; look <= 9; look++) seen.push((await after(15, fast))['hits_total']!);
    expect(seen).to.deep.equal([0, 0, 0, 0, 0, 0, 0, 1, 1]);
  });

  it('holds a series while nobody scrapes, for two minutes', async () => {
    record('early:1|c');
    now += MINUTE;
    record('late:1|c');
    now += MINUTE;
    const prometheus = scraper();
    expect(await prometheus.scrape()).to.deep.equal({ early_total: 1, late_total: 0 });
    expect(await after(15, prometheus)).to.deep.equal({ early_total: 1, late_total: 1 });
  });

  it('lets no counter fall for a scraper that comes late', async () => {
    const prometheus = scraper();
    await prometheus.scrape();
    record('hits:1000|c');
    expect(await after(15, prometheus)).to.deep.equal({ hits_total: 0 });
    const late = scraper();
    expect(await after(1, late)).to.deep.equal({ hits_total: 0 });
    expect(await after(14, prometheus)).to.deep.equal({ hits_total: 1000 });
    expect(await after(1, late)).to.deep.equal({ hits_total: 1000 });
  });

  it('lets no counter fall for a scraper that comes back after ten minutes', async () => {
    const [stays, leaves] = [scraper(), scraper()];
    await Promise.all([stays.scrape(), leaves.scrape()]);
    record('hits:1|c');
    await Promise.all([after(15, stays), leaves.scrape()]);
    expect(await after(15, leaves)).to.deep.equal({ hits_total: 1 });
    record('hits:11|c');
    for (let look = 0; look < 40; look++) await after(15, stays);
    record('new:1|c');
    expect(await leaves.scrape()).to.deep.equal({ hits_total: 12, new_total: 0 });
    expect(await after(15, stays)).to.deep.equal({ hits_total: 12, new_total: 0 });
    expect(await after(15, leaves)).to.deep.equal({ hits_total: 12, new_total: 1 });
  });

  it('knows a scraper again that has connected anew', async () => {
    const prometheus = scraper();
    await prometheus.scrape();
    record('hits:1|c');
    expect(await after(15, prometheus)).to.deep.equal({ hits_total: 0 });
    prometheus.close();
    expect(await after(15, prometheus)).to.deep.equal({ hits_total: 1 });
  });

  it('counts no page that its scraper hasn’t had in full', async () => {
    const prometheus = scraper();
    await prometheus.scrape();
    // More than the kernel takes for one who doesn't read.
    for (let at = 0; at < 8000; at++) record(`${'long.'.repeat(95)}${at}:1|c`);
    const response = await prometheus.request();
    response.socket.pause();
    prometheus.close();
    record('hits:1|c');
    await until('the connection is gone', () => response.socket.destroyed);
    const name = `${'long_'.repeat(95)}7_total`;
    const again = await after(15, prometheus);
    expect([again[name], again['hits_total']]).to.deep.equal([0, 0]);
    const then = await after(15, prometheus);
    expect([then[name], then['hits_total']]).to.deep.equal([1, 1]);
  });

  it('keeps the connection of a scraper for five and a half minutes, and no other', async () => {
    const { headers } = await scraper()
      .request()
      .then((response) => response.resume());
    expect(headers).to.include({ connection: 'keep-alive', 'keep-alive': 'timeout=330' });
    expect((await fetch(output.url)).headers.get('connection')).to.equal('close');
    expect((await fetch(new URL('/healthz', output.url))).headers.get('connection')).to.equal('close');
  });
});
