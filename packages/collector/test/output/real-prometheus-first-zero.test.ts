import { decode } from '@afstatsd/core';
import {
  describeWith,
  itLong,
  type PrometheusServer,
  until,
  useCleanup,
  usePrometheusServers,
} from '@afstatsd/testing';
import { expect } from 'chai';
import { PrometheusOutput } from '../../src/output/prometheus/prometheus.js';
import { HttpScraper } from '../support/http-scraper.js';

const VIEWS = 70;
/** Page views in the first message of the new process. */
const VIEWS_AT_ONCE = 45;

describeWith('prometheus', 'Prometheus output and Prometheus itself, for series that are new', () => {
  const later = useCleanup();
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
  const scraper = (headers?: Record<string, string>): HttpScraper => {
    const one = new HttpScraper(output.url, headers);
    later(() => one.close());
    return one;
  };

  itLong(
    'are counted from their first event on, by two servers on one host, and no counter falls for anybody',
    async () => {
      // The store knows the collector, which has one series.
      record('here.before:1|c');
      const alerts = { PaymentFailed: 'increase(payment_failed_total[5m]) > 0' };
      const { host } = new URL(output.url);
      const replicas = [await startServer(host, alerts), await startServer(host, alerts)];
      for (const server of replicas) {
        await until(
          'it has scraped twice',
          async () => (await server.history('here_before_total')).length > 1,
        );
        expect(await server.firing()).to.deep.equal([]);
      }

      // A new process begins, while others look at the page too.
      record(`website.pageviews:${VIEWS_AT_ONCE}|c`, `login:${'50,'.repeat(VIEWS_AT_ONCE - 1)}50|ms`);
      const curl = { one: scraper({ 'User-Agent': 'curl/7.88.1' }), seen: [] as number[] };
      const unknown = { one: scraper(), seen: [] as number[] };
      const look = async (): Promise<void> => {
        for (const { one, seen } of [curl, unknown])
          seen.push((await one.scrape())['website_pageviews_total']!);
      };
      await look();
      record('payment.failed:1|c');
      const value = (server: PrometheusServer) => server.number('website_pageviews_total');
      for (let views = VIEWS_AT_ONCE; views < VIEWS; views++) {
        record('website.pageviews:1|c', 'login:50|ms');
        await look();
        // The last ones come after Prometheus has had the 0.
        if (views === VIEWS - 5) {
          for (const server of replicas) await until('a value', async () => (await value(server)) > 0);
        }
      }
      for (const server of replicas) await until('the last one', async () => (await value(server)) === VIEWS);
      await look();

      for (const server of replicas) {
        await until('the alert fires', async () => (await server.firing()).includes('PaymentFailed'));
        for (const [series, whole] of [
          ['website_pageviews_total', VIEWS],
          ['login_seconds_count', VIEWS],
          ['login_seconds_bucket{le="0.05"}', VIEWS],
          ['payment_failed_total', 1],
        ] as const) {
          const history = await server.history(series);
          expect(history[0], series).to.equal(0);
          expect(history, series).to.deep.equal([...history].sort((a, b) => a - b));
          const range = `max_over_time(${series}[5m]) - min_over_time(${series}[5m])`;
          expect(await server.number(range), series).to.equal(whole);
          expect(await server.number(`resets(${series}[5m])`), series).to.equal(0);
          expect(await server.number(`increase(${series}[5m])`), series).to.be.at.least(whole);
        }
      }
      expect(curl.seen[0]).to.equal(VIEWS_AT_ONCE);
      expect(unknown.seen[0]).to.equal(0);
      for (const { seen } of [curl, unknown]) {
        expect(seen.at(-1)).to.equal(VIEWS);
        expect(seen).to.deep.equal([...seen].sort((a, b) => a - b));
      }
    },
  );
});
