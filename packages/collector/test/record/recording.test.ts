import { type AggregateView, type Decoded, StatsdClient, decode, decodeLines } from '@afstatsd/core';
import { identify, nameProblem } from '@afstatsd/core/instrument';
import { expect } from 'chai';
import * as fc from 'fast-check';
import { HistogramRecord, partsOf, Recording, scalesOf } from '@afstatsd/prometheus/parts';
import { metrics } from '../support/arbitrary-metrics.js';

describe('a recording', () => {
  const make = (options: ConstructorParameters<typeof Recording>[1] = {}): Recording =>
    new Recording(scalesOf({ bounds: [0.01, 0.025], valueBounds: [250] }), {
      logger: { warn: () => {} },
      ...options,
    });
  const histogram = (recording: Recording): HistogramRecord => {
    const [record] = [...recording.all()];
    if (!(record instanceof HistogramRecord)) throw new Error('no histogram');
    return record;
  };

  it('counts by its bounds exactly, however many values there are', () => {
    const recording = make();
    for (let i = 0; i < 6000; i++) {
      recording.ingest({ type: 'timer', name: 'login', values: [i % 4 === 0 ? 9.985 : 10.075], rate: 1 });
    }
    expect([...histogram(recording).counts]).to.deep.equal([1500, 4500, 0]);
    expect(histogram(recording).sum).to.be.closeTo(60.315, 1e-9);
  });

  it('counts whole values only, of sampled ones as many as they stand for, and no bucket falls', () => {
    const sampled = fc.record({
      value: fc.constantFrom(1, 10, 11, 25, 26),
      rate: fc.constantFrom(1, 0.5, 0.3, 0.07, 0.001),
    });
    fc.assert(
      fc.property(fc.array(sampled, { maxLength: 100 }), (values) => {
        const recording = make();
        let [before, weight]: [number[], number] = [[0, 0, 0], 0];
        for (const { value, rate } of values) {
          recording.ingest({ type: 'timer', name: 'login', values: [value], rate });
          weight += 1 / rate;
          const { counts, count } = histogram(recording);
          for (const [at, one] of counts.entries()) {
            expect(Number.isInteger(one) && one >= before[at]!).to.equal(true);
          }
          expect(counts.reduce((sum, one) => sum + one, 0)).to.equal(count);
          expect(Math.abs(count - weight)).to.be.at.most(0.5 + 1e-6);
          before = [...counts];
        }
      }),
    );
  });

  it('knows a metric by its tags in any order, and by its name and tags as core cleans them', () => {
    const recording = make();
    const lines = [
      'hits:1|c|#a:1,b:2',
      'hits:2|c|#b:2,a:1',
      'hits:4|c|#b:0,a:1,b:2',
      'hi::ts:8|c',
      'hi.ts:16|c',
    ];
    const news = lines.map((line) => recording.ingest(decodeLines(line).metrics[0]!) !== undefined);
    expect(news).to.deep.equal([true, false, false, true, false]);
    recording.ingest({ type: 'counter', name: 'hits\0a\x001\0b\x002', value: 32, rate: 1 });
    const values = [...recording.all()].map((record) => [
      partsOf(record.key),
      record instanceof HistogramRecord ? undefined : record.value,
    ]);
    expect(values).to.deep.include([
      {
        name: 'hits',
        tags: [
          ['a', '1'],
          ['b', '2'],
        ],
      },
      7,
    ]);
    expect(values).to.deep.include([{ name: 'hi.ts', tags: [] }, 24]);
    expect(values).to.have.length(3);
  });

  it('has a bounded number of metrics, and of members of a set', () => {
    const warnings: string[] = [];
    const recording = make({ maxMetrics: 3, logger: { warn: (line) => void warnings.push(line) } });
    for (const line of ['a:1|c', 'b:1|g', 'c:1|ms', 'd:1|c', 'a:1|c', 'a:-1|c', 'h:1|h', 's:1|s']) {
      for (const metric of decode(line).metrics) recording.ingest(metric);
    }
    expect([...recording.all()].map(({ key }) => key)).to.have.members(['a', 'b', 'c', 'a', 'h', 's']);
    expect(recording.counts).to.deep.equal({ recorded: 8, dropped: 1 });
    for (let i = 0; i < 17_000; i++) recording.ingest({ type: 'set', name: 's', members: [`${i}`] });
    const [set] = [...recording.sets()];
    expect(set!.value).to.equal(16_384);
    expect(warnings).to.have.length(2);
    expect(warnings[0]).to.match(
      /^afstatsd: there are 3 metrics \(maxMetrics\): new ones are dropped, first "d"/,
    );
    expect(warnings[1]).to.match(
      /^afstatsd: set "s" has 16384 members: new ones are dropped until its window ends/,
    );
  });

  it('refuses what can’t be recorded, and says so', () => {
    const warnings: string[] = [];
    const recording = make({ logger: { warn: (line) => void warnings.push(line) } });
    const bad = [
      { type: 'counter', name: 'a', value: Number.NaN, rate: 1 },
      { type: 'counter', name: 'a', value: 2 ** 54, rate: 1 },
      { type: 'timer', name: 't', values: [Infinity], rate: 1 },
      { type: 'timer', name: 't', values: [1], rate: 0 },
      { type: 'gauge', name: 'g', value: Number.NaN },
      { type: 'set', name: 's', members: [''] },
      { type: 'gauge', name: '', value: 1 },
      { type: 'gauge', name: 'x'.repeat(513), value: 1 },
      { type: 'gauge', name: 'x', value: 1, tags: [['y', 'z'.repeat(510)]] },
    ] as Decoded[];
    for (const metric of bad) recording.ingest(metric);
    expect([...recording.all()]).to.deep.equal([]);
    expect(recording.counts).to.deep.equal({ recorded: 0, dropped: 0 });
    expect(warnings).to.have.length(7);
    expect(warnings[0]).to.equal('afstatsd: the value of "a" can\'t be NaN: refused (said once)');
    expect(warnings.at(-1)).to.equal(
      'afstatsd: name "x" is longer than 512 bytes with its tags: the metric is refused (said once)',
    );
  });

  it('has recorded what a client of core has, of any metrics', async () => {
    await fc.assert(
      fc.asyncProperty(metrics, async (all) => {
        // Core judges a timer by its first value, and a set by its first member.
        const clean = all.filter(
          (one) =>
            (one.type !== 'timer' || one.values.every(Number.isFinite)) &&
            (one.type !== 'set' || one.members.every((member) => nameProblem(member) === undefined)),
        );
        const client = new StatsdClient({
          transport: { open: () => undefined, close: () => {}, stats: () => CLOSED },
          interval: Infinity,
          handleSignals: false,
          prefix: '',
          tags: {},
          logger: { warn: () => {} },
        });
        const recording = make();
        for (const metric of clean) {
          // Kinds of our own, for which there are other tests.
          if (metric.type === 'counter' && metric.value < 0) continue;
          if (metric.type === 'timer' && metric.as !== undefined) continue;
          client.ingest(metric);
          recording.ingest(metric);
        }
        const ours = [...recording.all()].map((record): [string, number] => [
          `${record.kind} ${record.key}`,
          record instanceof HistogramRecord ? record.count : record.value + 0, // -0 is 0
        ]);
        const theirs = [...client.views()].map((view): [string, number] => [
          `${view.kind} ${identify(view.name, view.tags).key}`,
          valueOf(view) + 0,
        ]);
        expect(new Map(ours)).to.deep.equal(new Map(theirs));
        await client.shutdown({ timeout: 0 });
      }),
      { numRuns: 200 },
    );
  });
});

const CLOSED = { state: 'closed', detail: '', messages: 0, bytes: 0, full: 0 } as const;

function valueOf(view: AggregateView): number {
  if (view.kind === 'timer') return Math.round(view.distribution([]).count);
  return view.kind === 'set' ? view.members.length : view.value;
}
