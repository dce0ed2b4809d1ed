import { stat } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { setImmediate as turn } from 'node:timers/promises';
import { runInNewContext } from 'node:vm';
import { MemoryTransport, StatsdClient } from '@afstatsd/core';
import { until, useCleanup, type Exposition, type Sample, parseExposition } from '@afstatsd/testing';
import { expect } from 'chai';
import { Registry, collectDefaultMetrics } from 'prom-client';
import { PrometheusOutput } from '../../src/output/prometheus/prometheus.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Of metrics that change slowly, how far two readings may lie apart, as a share. */
const CLOSE: Readonly<Record<string, number>> = {
  nodejs_heap_size_total_bytes: 0.5,
  nodejs_heap_size_used_bytes: 0.7,
  nodejs_external_memory_bytes: 0.7,
  nodejs_version_info: 0,
  process_max_fds: 0,
  process_open_fds: 0.3,
  process_resident_memory_bytes: 0.3,
  process_start_time_seconds: 1e-8,
  process_virtual_memory_bytes: 0.3,
  process_heap_bytes: 0.3,
};

/** A sample as prom-client gives it. The bounds of buckets are numbers. */
interface Shown extends Omit<Sample, 'labels' | 'name'> {
  readonly metricName?: string;
  readonly labels: Readonly<Record<string, number | string>>;
}

/** The part of a page that is compared. */
type Compared = Pick<Exposition, 'samples' | 'types'>;

describe('runtime metrics beside those of prom-client, in one process', () => {
  const later = useCleanup();

  /** What prom-client shows, and what the collector's page shows of a client in the same process. */
  async function bothPages(): Promise<{ ours: Compared; theirs: Compared }> {
    const registry = new Registry();
    collectDefaultMetrics({ register: registry });
    const memory = new MemoryTransport();
    const statsd = new StatsdClient({
      transport: memory,
      interval: Infinity,
      handleSignals: false,
      service: false,
    });
    later(() => statsd.shutdown());
    statsd.collectRuntimeMetrics();
    const output = new PrometheusOutput({ port: 0, logger: { warn: () => {} } });
    await output.start();
    later(() => output.close(1000));

    let theirs = '';
    await until('both have seen a garbage collection and the event loop', async () => {
      collectGarbage();
      await turn();
      memory.clear();
      stat('/', () => {}); // a request that is active while both look
      await statsd.flush();
      for (const metric of memory.metrics) output.ingest(metric);
      theirs = await registry.metrics();
      const ours = await page(output);
      return [ours, theirs].every(
        (text) => /gc_duration_seconds_count\{.*major/.test(text) && text.includes('lag_p99'),
      );
    });
    return { ours: parseExposition(await page(output)), theirs: await shownBy(registry) };
  }

  async function shownBy(registry: Registry): Promise<Compared> {
    const families = await registry.getMetricsAsJSON();
    const samples = families.flatMap(({ name, values }) =>
      (values as unknown as Shown[]).map(({ metricName = name, labels, value }) => ({
        name: metricName,
        labels: Object.fromEntries(Object.entries(labels).map(([key, label]) => [key, String(label)])),
        value,
      })),
    );
    return { samples, types: new Map(families.map(({ name, type }) => [name, String(type)])) };
  }

  const page = async ({ url }: PrometheusOutput): Promise<string> => (await fetch(url)).text();

  it('have its names, types and labels', async () => {
    const { ours, theirs } = await bothPages();
    const typesOfTheirs = Object.fromEntries(theirs.types);
    const typesOfOurs = Object.fromEntries(
      Object.keys(typesOfTheirs).map((name) => [name, ours.types.get(name)]),
    );
    expect(Object.keys(typesOfTheirs)).to.have.length.above(25);
    expect(typesOfOurs).to.deep.equal(typesOfTheirs);
    for (const { name, labels } of theirs.samples) {
      // Buckets end elsewhere: see below. Active ones of a type come and go.
      if (name.endsWith('_bucket') || /_active_(handles|requests|resources)$/.test(name)) continue;
      const same = ours.samples.find(
        (sample) =>
          sample.name === name &&
          Object.entries(labels).every(([key, value]) => sample.labels[key] === value),
      );
      expect(same, `${name} ${JSON.stringify(labels)}`).to.not.equal(undefined);
    }
  });

  it('have its values, where these are steady', async () => {
    const { ours, theirs } = await bothPages();
    for (const [name, share] of Object.entries(CLOSE)) {
      const [our, their] = [ours, theirs].map(
        ({ samples }) => samples.find((sample) => sample.name === name)!.value,
      );
      expect(our, name).to.be.closeTo(their!, their! * share);
    }
    // In s, as theirs, and the resolution is part of it.
    const p50 = ours.samples.find(({ name }) => name === 'nodejs_eventloop_lag_p50_seconds')!.value;
    expect(p50).to.be.within(0.005, 5);
  });

  it('have its buckets but the one of 2 s', async () => {
    const { ours, theirs } = await bothPages();
    const bounds = ({ samples }: Compared): Set<string> =>
      new Set(
        samples
          .filter(({ name }) => name === 'nodejs_gc_duration_seconds_bucket')
          .map(({ labels }) => labels['le']!),
      );
    const own = bounds(ours);
    expect([...bounds(theirs)].filter((bound) => !own.has(bound))).to.deep.equal(['2']);
  });
});
