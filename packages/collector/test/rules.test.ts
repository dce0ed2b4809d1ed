import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Decoded, Rule } from '@afstatsd/core';
import { parseExposition, useCleanup, useDirectories } from '@afstatsd/testing';
import { expect } from 'chai';
import { loadConfig } from '../src/config/load.js';
import { PrometheusOutput } from '../src/output/prometheus/prometheus.js';
import { KnownMetric } from '../src/known-metric.js';
import { OtlpNaming } from '../src/output/otlp/naming.js';
import { Receiver } from '../src/receiver.js';
import { RuledMetrics } from '../src/ruled-metrics.js';
import { describedBy } from '@afstatsd/prometheus/parts';

const encoder = new TextEncoder();

describe("the collector's rules", () => {
  const later = useCleanup();
  const makeDirectory = useDirectories();

  const start = async (
    rules: readonly Rule[],
  ): Promise<{ receiver: Receiver; page: () => Promise<string> }> => {
    const output = new PrometheusOutput({ port: 0, rules });
    await output.start();
    later(() => output.close(0));
    const receiver = new Receiver(1_000, () => {});
    receiver.outputs = [output];
    receiver.rules = new RuledMetrics(rules);
    return { receiver, page: async () => (await fetch(output.url)).text() };
  };
  const values = (text: string): Record<string, number> =>
    Object.fromEntries(
      parseExposition(text).samples.map((one) => [
        `${one.name}{${Object.values(one.labels).join()}}`,
        one.value,
      ]),
    );

  it('deny, rename, drop and limit what comes in, for all outputs', async () => {
    const { receiver, page } = await start([
      { match: 'debug.*', deny: true },
      { match: 'old.*', rename: 'new.$1', drop: ['pod'] },
      { match: 'orders', limit: { user: 2 } },
    ]);
    const lines = ['debug.hits:1|c', 'old.hits:1|c|#pod:a', 'old.hits:1|c|#pod:b', 'new.hits:1|c'];
    for (let user = 1; user <= 100; user++) lines.push(`orders:1|c|#user:${user}`);
    for (let at = 0; at < 2; at++) receiver.receiveFromUDP(encoder.encode(lines.join('\n')));
    expect(values(await page())).to.deep.equal({
      'new_hits_total{}': 6,
      'orders_total{1}': 2,
      'orders_total{2}': 2,
      'orders_total{other}': 196,
    });
  });

  it('hold for metrics that come again and again, and change while these come', async () => {
    const { receiver, page } = await start([
      { match: 'debug', deny: true },
      { match: 'old', rename: 'new', drop: ['pod'] },
    ]);
    const known = (metric: Decoded & { type: 'counter' | 'gauge' }): KnownMetric =>
      new KnownMetric(metric, receiver);
    const debug = known({ type: 'counter', name: 'debug', value: 1, rate: 1 });
    const old = ['a', 'b'].map((pod) =>
      known({ type: 'counter', name: 'old', tags: [['pod', pod]], value: 1, rate: 1 }),
    );
    const level = known({ type: 'gauge', name: 'old', tags: [['pod', 'c']], value: 1 });
    for (let at = 1; at <= 5; at++) {
      for (const one of [debug, ...old]) one.take(1, 1);
      level.take(at, 1);
    }
    const before = values(await page());
    expect(before).to.include({ 'new_total{}': 10, 'new{}': 5 });
    expect(Object.keys(before).filter((name) => /debug|old/.test(name))).to.deep.equal([]);
    receiver.rules = new RuledMetrics([{ match: 'old', deny: true }]);
    for (const one of [debug, ...old]) one.take(1, 1);
    expect(values(await page())).to.include({ 'new_total{}': 10, 'debug_total{}': 1 });
  });

  it('give a metric buckets, a unit, a description and a name', async () => {
    const { receiver, page } = await start([
      { match: 'load', buckets: [0.01, 0.1], help: 'How long a page takes.' },
      { match: 'upload', kind: 'histogram', buckets: [10, 20], unit: 'rows' },
      { match: 'queue.size', unit: 'bytes', help: 'What waits.' },
      { match: 'paid', prometheus: 'payments', help: 'Payments.' },
      { match: 'http.request', help: 'Requests.' },
    ]);
    receiver.receiveFromUDP(
      encoder.encode('load:50|ms\nupload:15|h\nqueue.size:7|g\npaid:1|c\nhttp.request:5|ms\nplain:5|ms'),
    );
    const text = await page();
    const { helps, samples } = parseExposition(text);
    const boundsOf = (name: string): unknown[] =>
      samples
        .filter((one) => one.name === `${name}_bucket`)
        .map(({ labels, value }) => [labels['le'], value]);
    expect(boundsOf('load_seconds')).to.deep.equal([
      ['0.01', 0],
      ['0.1', 1],
      ['+Inf', 1],
    ]);
    expect(boundsOf('upload_rows')).to.deep.equal([
      ['10', 0],
      ['20', 1],
      ['+Inf', 1],
    ]);
    expect(boundsOf('plain_seconds')).to.have.length(14);
    expect(helps.get('load_seconds')).to.equal('How long a page takes.');
    expect(helps.get('queue_size_bytes')).to.equal('What waits.');
    expect(helps.get('payments_total')).to.equal('Payments.');
    expect(helps.get('http_request_duration_seconds')).to.equal('Requests.');
  });

  it('come before the built-in names, which are rules as well', () => {
    const naming = new OtlpNaming(describedBy([{ match: 'http.*', kind: 'timer', otlp: 'mine' }]));
    expect(naming.family('timer', 'http.request')).to.equal('mine');
    expect(naming.family('gauge', 'http.in_flight')).to.equal('http.server.active_requests');
  });

  it('hold for metrics of equal name and other kind apart, and for every order of tags', () => {
    const ruled = new RuledMetrics([{ match: 'load', kind: 'timer', deny: true }]);
    const counter: Decoded = { type: 'counter', name: 'load', value: 1, rate: 1 };
    for (let at = 0; at < 2; at++) {
      expect(ruled.apply(counter)).to.equal(counter);
      expect(ruled.apply({ type: 'timer', name: 'load', values: [1], rate: 1 })).to.equal(undefined);
    }
    const dropping = new RuledMetrics([{ match: 'x', drop: ['b'] }]);
    const tagsOf = (tags: [string, string][]): unknown =>
      dropping.apply({ type: 'counter', name: 'x', value: 1, rate: 1, tags })?.tags;
    expect(
      tagsOf([
        ['b', '1'],
        ['a', '2'],
      ]),
    ).to.deep.equal([['a', '2']]);
    expect(
      tagsOf([
        ['a', '2'],
        ['b', '1'],
      ]),
    ).to.deep.equal([['a', '2']]);
    expect(tagsOf([['b', '1']])).to.deep.equal([]);
  });

  it('are read from a file, and from a flag', () => {
    const rules = [
      { match: 'debug.*', deny: true },
      { match: 'load', buckets: [0.1, 1], help: 'a, b c' },
    ];
    const file = path.join(makeDirectory(), 'collector.json');
    writeFileSync(file, JSON.stringify({ rules }));
    expect(loadConfig(['--config', file], {}).options.rules).to.deep.equal(rules);
    const flags = rules.flatMap((rule) => ['--rules', JSON.stringify(rule)]);
    expect(loadConfig(flags, {}).options.rules).to.deep.equal(rules);
    writeFileSync(file, JSON.stringify({ rules: [{ match: 'a', denied: true }] }));
    expect(() => loadConfig(['--config', file], {})).to.throw('unknown option "denied"');
  });
});
