import { decode } from '@afstatsd/core';
import { until, parseExposition } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { type ExpiryTimes, partsOf, Recording, scalesOf } from '@afstatsd/prometheus/parts';
import { PrometheusOutput } from '../../src/output/prometheus/prometheus.js';

const MINUTE_MS = 60_000;

describe('metrics without samples', () => {
  const recordings: Recording[] = [];
  afterEach(() => recordings.splice(0).forEach((recording) => recording.close()));

  /** A recording whose metrics are looked at each minute. */
  function scene(times: ExpiryTimes): {
    hear: (...lines: readonly string[]) => void;
    /** Lets so many minutes pass. @returns the names of the metrics that are left. */
    pass: (minutes: number) => string[];
    recording: Recording;
  } {
    let now = 0;
    const recording = new Recording(scalesOf({}), { expire: times, now: () => now });
    recordings.push(recording);
    return {
      recording,
      hear: (...lines) => {
        for (const line of lines) for (const metric of decode(line).metrics) recording.ingest(metric);
      },
      pass: (minutes) => {
        for (let minute = 0; minute <= minutes; minute++) {
          recording.letGo();
          if (minute < minutes) now += MINUTE_MS;
        }
        return [...recording.all()].map(({ key }) => partsOf(key).name);
      },
    };
  }
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
    const { hear, pass, recording } = scene({ counter: MINUTE_MS, timer: MINUTE_MS });
    for (const tags of ['', '|#a:b']) {
      for (let i = 0; i < 3; i++) {
        hear(`c:5|c${tags}`, `t:10|ms${tags}`);
        const [counter, timer] = [...recording.all()];
        expect(counter).to.include({ kind: 'counter', value: 5, isGone: false });
        expect(timer).to.include({ kind: 'timer', count: 1 });
        expect(pass(1)).to.deep.equal([]);
        expect(counter).to.include({ isGone: true });
        const metric = decode(`c:2|c${tags}`).metrics[0]!;
        expect(recording.ingest(metric), 'as the first time').to.equal([...recording.all()][0]);
        expect(recording.ingest(metric)).to.equal(undefined);
        expect(pass(1)).to.deep.equal([]);
      }
    }
    // Each sample is accounted for.
    expect(recording.counts).to.deep.equal({ recorded: 24, dropped: 0 });
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
    let now = 0;
    const output = new PrometheusOutput({ port: 0, expire: all, bounds: [1], now: () => now });
    outputs.push(output);
    await output.start();
    for (let round = 0; round < 2; round++) {
      record(output, 'hits:3|c', 'size:7|g|#a:b', 'login:5|ms', 'users:ann|s', 'stock:-2|c');
      expect(await page(output)).to.include({ sizeb: 7, hits_total: 3, login_seconds_count: 1, users: 1 });
      await until('all have gone', async () => {
        now += 100;
        return Object.keys(await page(output)).length === 0;
      });
    }
    record(output, 'hits:4|c');
    expect(await page(output)).to.deep.equal({ hits_total: 4 });
  });

  it('come back with the labels that they had, and let go of their names', async () => {
    const output = new PrometheusOutput({ port: 0, expire: { counter: 300, gauge: 300 } });
    outputs.push(output);
    await output.start();
    const text = async (): Promise<string> => (await fetch(output.url)).text();
    for (let round = 0; round < 3; round++) {
      record(output, 'hits:1|c|#canary', 'hits:2|c|#canary:true', `a${'._-'[round]}b:1|g`);
      const page = await text();
      expect(page).to.include('\nhits_total{canary="true"} 1\n').and.include('\na_b 1\n');
      expect(page).to.match(/\nhits_total\{canary="true",statsd_tags="[^\n]*"\} 2\n/);
      await until('all have gone', async () => !(await text()).includes('hits'));
    }
  });
});

describe('a recording', () => {
  it('keeps nothing of the metrics that have gone', async () => {
    let now = 0;
    const recording = new Recording(scalesOf({}), {
      maxMetrics: 100,
      expire: { gauge: 1_000 },
      now: () => now,
    });
    // A thousand names, of which a hundred have room at a time.
    for (let round = 0; round < 10; round++) {
      for (let i = 0; i < 100; i++) recording.ingest({ type: 'gauge', name: `g${round}.${i}`, value: 1 });
      expect(recording.counts.dropped).to.equal(0);
      recording.letGo();
      now += 1_000;
      expect(recording.letGo()).to.equal(true);
      expect([...recording.all()]).to.deep.equal([]);
    }
    expect(recording.counts).to.deep.equal({ recorded: 1_000, dropped: 0 });
    recording.close();
  });
});
