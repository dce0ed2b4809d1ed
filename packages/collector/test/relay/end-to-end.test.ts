import { decodeLines } from '@afstatsd/core';
import {
  eventually,
  freePort,
  until,
  useReceivers,
  type Exposition,
  parseExposition,
} from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { CollectorProgram } from '../support/collector-program.js';
import { OtlpReceiver } from '../support/otlp-receiver.js';
import { sendDatagrams } from '../support/send-datagrams.js';
import { useStage } from '../support/stage.js';

const APPS = 3;

/** A console's name with its tags as the etsy format has it. */
const folded = (name: string): string =>
  name.replace(/\{(.*)\}$/, (_, tags: string) => tags.replace(/,?[^=,]+=/g, '.'));

/** What `programs/app` records, so many of them. */
const HITS = 5000 * APPS;
const SUM_OF_ALL = APPS * (4999 * 2500);

describe('from apps through the queue and the collector', () => {
  const at = useStage();
  const receivers = useReceivers();

  async function runApps(collector: CollectorProgram, queue: string): Promise<void> {
    await collector.ready();
    const apps = Array.from({ length: APPS }, (_, number) => at.program('app', [queue, String(number)]));
    for (const app of apps) expect(await app.exit(), app.stderr).to.equal(0);
  }

  it('every count, timing, gauge and set arrives in the console, exactly', async () => {
    const queue = at.queueName();
    const collector = at.collector(['--queue', queue]);
    await runApps(collector, queue);
    expect(await collector.kill('SIGTERM')).to.equal(0);
    const { counters, gauges, timers } = collector.arrived;
    expect(counters['app.hits']).to.equal(HITS);
    expect(counters['app.balance']).to.equal(-APPS);
    const bytes = Object.entries(counters).filter(([name]) => name.startsWith('app.bytes.'));
    expect(bytes).to.have.length(50);
    expect(bytes.reduce((sum, [, value]) => sum + value, 0)).to.equal(SUM_OF_ALL);
    const requests = Object.entries(counters).filter(([name]) => name.startsWith('app.requests{app='));
    expect(requests).to.have.length(3 * APPS);
    expect(requests.reduce((sum, [, value]) => sum + value, 0)).to.equal(HITS);
    expect(gauges).to.include({ 'app.level': -7.25, 'app.number.0': 0, 'app.number.2': 2 });
    const { sum, ...wait } = timers['app.wait']!;
    expect(wait).to.deep.equal({ count: 200 * APPS, min: 1, max: 200 });
    expect(sum).to.be.closeTo(20_100 * APPS, 1e-6);
    expect(gauges['afstatsd.collector.completeness_percent']).to.equal(100);
  });

  it('the same arrives at a StatsD server by --forward, and members of sets by name', async () => {
    const server = await receivers.udp({ bufferBytes: 4 * 1024 * 1024 });
    const queue = at.queueName();
    const url = `udp://127.0.0.1:${server.port}`;
    const collector = at.collector(['--queue', queue, '--forward', url, '--forward-interval', '100ms']);
    await runApps(collector, queue);
    expect(await collector.kill('SIGTERM')).to.equal(0);

    const counters: Record<string, number> = {};
    const gauges: Record<string, number> = {};
    const timings: number[] = [];
    const users = new Set<string>();
    const read = (): boolean => {
      for (const message of server.messages.splice(0)) {
        const { metrics, bad } = decodeLines(message);
        expect(bad).to.deep.equal([]);
        for (const metric of metrics) {
          const { name } = metric;
          if (metric.type === 'counter') counters[name] = (counters[name] ?? 0) + metric.value / metric.rate;
          else if (metric.type === 'gauge') gauges[name] = (metric.signed ? gauges[name]! : 0) + metric.value;
          else if (metric.type === 'timer') timings.push(...metric.values);
          else for (const member of metric.members) users.add(member);
        }
      }
      return counters['app.hits'] === HITS && timings.length >= 200 * APPS && users.size >= APPS + 2;
    };
    await until('all has arrived at the server', read);
    const expected = collector.arrived;
    for (const [name, value] of Object.entries(expected.counters))
      if (name.startsWith('app.')) expect(counters[folded(name)], name).to.equal(value);
    for (const [name, value] of Object.entries(expected.gauges))
      if (name.startsWith('app.')) expect(gauges[name], name).to.equal(value);
    expect(timings).to.have.length(200 * APPS);
    expect(timings.reduce((a, b) => a + b)).to.equal(20_100 * APPS);
    expect([Math.min(...timings), Math.max(...timings)]).to.deep.equal([1, 200]);
    expect([...users].sort()).to.deep.equal(['0', '1', '2', 'ann', 'bob']);
  });

  it('the table says how complete the clients’ samples are', async () => {
    const queue = at.queueName();
    const collector = at.collector(['--queue', queue], { table: true });
    await runApps(collector, queue);
    expect(await collector.kill('SIGTERM')).to.equal(0);
    expect(collector.stdout).to.include("clients' samples 100.00 % complete");
    // The value, and that a second.
    expect(collector.stdout).to.match(/^counter +app\.balance +-\d+ +-[\d.]+$/m);
  });

  it('the same is scraped by Prometheus, and sent over OTLP, as JSON and as protobuf', async () => {
    const deltas = {
      'http/json': { flags: ' --otlp-temporality delta', env: {} },
      'http/protobuf': { flags: '', env: { OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'Delta' } },
    };
    for (const [protocol, { flags, env }] of Object.entries(deltas)) {
      const otlp = new OtlpReceiver();
      await otlp.start();
      at.later(() => otlp.stop());
      const port = await freePort();
      const queue = at.queueName();
      const collector = at.collector(
        `--queue ${queue} --prometheus 127.0.0.1:${port} --buckets 0.01,0.1,0.2
         --otlp ${otlp.url} --otlp-protocol ${protocol} --otlp-interval 200ms${flags}`.split(/\s+/),
        { env },
      );
      await runApps(collector, queue);
      const scrape = async (): Promise<Exposition> =>
        parseExposition(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text());
      let scraped = await scrape();
      const value = (name: string, labels: Record<string, string> = {}): number | undefined =>
        scraped.samples.find(
          (sample) =>
            sample.name === name &&
            Object.entries(labels).every(([key, label]) => sample.labels[key] === label),
        )?.value;
      await eventually(async () => {
        scraped = await scrape();
        expect(value('app_hits_total')).to.equal(HITS);
      });
      expect(value('app_balance_decrements_total')! - (value('app_balance_total') ?? 0)).to.equal(APPS);
      const requests = scraped.samples.filter(({ name }) => name === 'app_requests_total');
      expect(requests.map(({ labels }) => `${labels['app']} ${labels['status']}`).sort()).to.deep.equal(
        ['0', '1', '2'].flatMap((app) => ['200', '201', '202'].map((status) => `${app} ${status}`)),
      );
      expect(requests.reduce((sum, { value }) => sum + value, 0)).to.equal(HITS);
      expect(value('app_level')).to.equal(-7.25);
      expect(value('app_wait_seconds_count')).to.equal(200 * APPS);
      expect(value('app_wait_seconds_sum')).to.be.closeTo(20.1 * APPS, 1e-9);
      expect(value('app_wait_seconds_bucket', { le: '0.1' })).to.equal(100 * APPS);
      expect(await (await fetch(`http://127.0.0.1:${port}/healthz`)).text()).to.match(/^ok/);

      expect(await collector.kill('SIGTERM')).to.equal(0);
      expect(otlp.total('app.hits')).to.equal(HITS);
      expect(otlp.total('app.wait')).to.equal(200 * APPS);
      expect(otlp.named('app.level').at(-1)!.value).to.equal(-7.25);
    }
  });

  it('a counter of 0 announces its series, by the queue and by UDP, to each output', async () => {
    const server = await receivers.udp();
    const [queue, udp, page] = [at.queueName(), await freePort(), await freePort()];
    const collector = await at
      .collector(
        `--queue ${queue} --udp 127.0.0.1:${udp} --prometheus 127.0.0.1:${page}
         --forward udp://127.0.0.1:${server.port} --forward-interval 20ms`.split(/\s+/),
      )
      .ready();
    at.sender(queue).send(Buffer.from('payment.failed:0|c::login.failed:0|c'), 3);
    await sendDatagrams(udp, ['order.failed:0|c|#service:shop']);

    const scrape = async (): Promise<Exposition> =>
      parseExposition(await (await fetch(`http://127.0.0.1:${page}/metrics`)).text());
    const announced = ['payment', 'login', 'order'];
    await eventually(async () => {
      const failed = (await scrape()).samples.filter(({ name }) => name.endsWith('_failed_total'));
      expect(Object.fromEntries(failed.map(({ name, value }) => [name, value]))).to.deep.equal({
        payment_failed_total: 0,
        login_failed_total: 0,
        order_failed_total: 0,
      });
    });
    await until('they are at the server', () => {
      const text = server.messages.join('\n');
      return announced.every((name) => text.includes(`${name}.failed`));
    });
    for (const message of server.messages)
      for (const metric of decodeLines(message).metrics)
        if (metric.name.includes('.failed')) expect(metric).to.include({ type: 'counter', value: 0 });
    expect(await collector.kill('SIGTERM')).to.equal(0);
    const shown = Object.entries(collector.arrived.counters).filter(([name]) => name.includes('.failed'));
    expect(shown.map(([, value]) => value)).to.deep.equal([0, 0, 0]);
  });
});
