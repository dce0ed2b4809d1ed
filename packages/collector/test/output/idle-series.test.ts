import { StatsdClient, decode } from '@afstatsd/core';
import { until } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { ExpiryTimes } from '../../src/config/expiry.js';
import { PrometheusOutput } from '../../src/output/prometheus.js';
import { RegistryProducer } from '../../src/output/producer.js';
import { PrometheusNaming } from '../../src/output/prometheus-naming.js';
import { IdleSeries } from '../../src/output/idle-series.js';
import { Recording } from '../../src/output/recording.js';
import { parseExposition } from '../support/exposition.js';

const MINUTE_MS = 60_000;

describe('metrics without samples', () => {
  const clients: StatsdClient[] = [];
  afterEach(() => Promise.all(clients.splice(0).map((client) => client.shutdown({ timeout: 0 }))));

  /** A client whose metrics are looked at each minute. */
  function scene(times: ExpiryTimes): {
    hear: (...lines: readonly string[]) => void;
    /** Lets so many minutes pass. @returns the names of the metrics that are left. */
    pass: (minutes: number) => string[];
    client: StatsdClient;
  } {
    const client = new StatsdClient({
      transport: { open: () => undefined, close: () => {}, stats: () => CLOSED },
      interval: Infinity,
      handleSignals: false,
      prefix: '',
      tags: {},
    });
    clients.push(client);
    let now = 0;
    const idle = new IdleSeries([client], times, () => now);
    return {
      client,
      hear: (...lines) => {
        for (const line of lines) for (const metric of decode(line).metrics) client.ingest(metric);
      },
      pass: (minutes) => {
        for (let minute = 0; minute <= minutes; minute++) {
          idle.letGo(() => {});
          if (minute < minutes) now += MINUTE_MS;
        }
        return [...client.views()].map(({ name }) => name);
      },
    };
  }
  const CLOSED = { state: 'closed', detail: '', messages: 0, bytes: 0, full: 0 } as const;
  const ALL = ['c:1|c', 'g:1|g', 't:1|ms', 's:x|s', 'tagged:1|g|#a:b'];

  it('stay unless a time was given', () => {
    const { hear, pass } = scene({});
    hear(...ALL);
    expect(pass(10_000)).to.have.members(['c', 'g', 't', 's', 'tagged']);
  });

  it('go after the time of their kind', () => {
    const { hear, pass } = scene({ gauge: 10 * MINUTE_MS, counter: 20 * MINUTE_MS });
    hear(...ALL);
    expect(pass(9)).to.have.members(['c', 'g', 't', 's', 'tagged']);
    expect(pass(1)).to.have.members(['c', 't', 's']);
    hear('c:0|c');
    expect(pass(19)).to.have.members(['c', 't', 's']);
    expect(pass(1)).to.have.members(['t', 's']);
  });

  it('stay if they are touched, with the same value, too', () => {
    const { hear, pass } = scene({ gauge: 3 * MINUTE_MS, counter: 3 * MINUTE_MS, timer: 3 * MINUTE_MS });
    for (let i = 0; i < 20; i++) {
      hear('c:0|c', 'g:1|g', 't:1|ms');
      expect(pass(2)).to.have.members(['c', 'g', 't']);
    }
  });

  it('begin at 0 when they come back, and are new to who asks', () => {
    const { hear, pass, client } = scene({ counter: MINUTE_MS, timer: MINUTE_MS });
    for (const tags of ['', '|#a:b']) {
      for (let i = 0; i < 3; i++) {
        hear(`c:5|c${tags}`, `t:10|ms${tags}`);
        const [counter, timer] = [...client.views()];
        expect(counter).to.include({ name: 'c', value: 5, calls: 1 });
        expect(timer?.kind === 'timer' && timer.distribution([]).count).to.equal(1);
        expect(pass(1)).to.deep.equal([]);
        const metric = decode(`c:2|c${tags}`).metrics[0]!;
        expect(client.ingest(metric), 'as the first time').to.equal([...client.views()][0]);
        expect(client.ingest(metric)).to.equal(undefined);
        expect(pass(1)).to.deep.equal([]);
      }
    }
    // Each sample is accounted for.
    expect(client.stats()).to.include({ recorded: 24, sent: 24, pending: 0, metrics: 0 });
  });

  it('of the collector itself stay', () => {
    const { hear, pass } = scene({ counter: MINUTE_MS, gauge: MINUTE_MS });
    hear('afstatsd.collector.messages:1|c', 'afstatsd.collector.queue_depth:1|g', 'afstatsd.client.sent:1|c');
    expect(pass(100)).to.deep.equal(['afstatsd.collector.messages', 'afstatsd.collector.queue_depth']);
  });

  it('go after five missed repeats, if they are gauges that were repeated, and others stay', () => {
    const { hear, pass } = scene({});
    hear('ours:1|g|1795340000|every:60', 'theirs:1|g|1795340000', 'bare:1|g');
    expect(pass(4)).to.have.members(['ours', 'theirs', 'bare']);
    hear('ours:1|g|1795340000|every:60');
    expect(pass(4)).to.have.members(['ours', 'theirs', 'bare']);
    expect(pass(1)).to.have.members(['theirs', 'bare']);
    hear('ours:1|g|1795340000|every:60');
    expect(pass(4)).to.have.members(['ours', 'theirs', 'bare']);
  });

  it('that are repeated no more by their sender, but set by another, stay', () => {
    const { hear, pass } = scene({});
    hear('g:1|g|1795340000|every:60', 'g:2|g');
    expect(pass(100)).to.deep.equal(['g']);
  });
});

describe('metrics without samples at Prometheus', () => {
  const outputs: PrometheusOutput[] = [];
  afterEach(async () => {
    await Promise.all(outputs.splice(0).map((output) => output.close(1000)));
  });
  const record = (output: PrometheusOutput, ...lines: string[]): void => {
    for (const line of lines) for (const metric of decode(line).metrics) output.ingest(metric);
  };
  const page = async (output: PrometheusOutput): Promise<Record<string, number>> => {
    const { samples } = parseExposition(await (await fetch(output.url)).text());
    return Object.fromEntries(
      samples.map(({ name, labels, value }) => [name + (labels['le'] ?? labels['a'] ?? ''), value]),
    );
  };

  it('leave the page, and come back as new series', async () => {
    const all = { counter: 300, gauge: 300, timer: 300, set: 300 };
    const output = new PrometheusOutput({ port: 0, expire: all, bounds: [1] });
    outputs.push(output);
    await output.start();
    for (let round = 0; round < 2; round++) {
      record(output, 'hits:3|c', 'size:7|g|#a:b', 'login:5|ms', 'users:ann|s', 'stock:-2|c');
      expect(await page(output)).to.include({ sizeb: 7, hits_total: 3, login_seconds_count: 1, users: 1 });
      await until('all have gone', async () => Object.keys(await page(output)).length === 0);
    }
    record(output, 'hits:4|c');
    expect(await page(output)).to.deep.equal({ hits_total: 4 });
  });
});

describe('a producer', () => {
  it('keeps nothing of the series that have gone', async () => {
    let now = 0;
    const recording = new Recording({ maxMetrics: 100, expire: { gauge: 1_000 }, now: () => now });
    const producer = new RegistryProducer(recording, new PrometheusNaming());
    producer.start();
    // A thousand names, of which a hundred have room at a time.
    for (let round = 0; round < 10; round++) {
      for (let i = 0; i < 100; i++) producer.ingest({ type: 'gauge', name: `g${round}.${i}`, value: 1 });
      expect(recording.counts.dropped).to.equal(0);
      await until('they were seen', async () => {
        now += 600;
        return [...recording.all()].length === 0;
      });
    }
    expect(recording.counts).to.deep.equal({ recorded: 1_000, dropped: 0 });
    await recording.close();
  });
});
