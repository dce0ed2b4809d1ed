import { expect } from 'chai';
import { describe, it } from 'mocha';
import { decode } from '../../src/index.js';
import { Aggregator, type AggregatorOptions } from '../../src/instrument.js';

/** An aggregator whose warnings are kept. */
function quiet(options: AggregatorOptions = {}): { aggregator: Aggregator; warnings: string[] } {
  const warnings: string[] = [];
  const logger = { warn: (line: string): void => void warnings.push(line) };
  return { aggregator: new Aggregator({ logger, ...options }), warnings };
}

function ingest(aggregator: Aggregator, text: string): void {
  for (const metric of decode(text).metrics) aggregator.ingest(metric);
}

/** Takes everything: the name, what there is to show, and the samples of each metric. */
function taken(aggregator: Aggregator): unknown[] {
  const all: unknown[] = [];
  const steps = aggregator.take((metric, samples) => {
    const shown =
      metric.kind === 'timer'
        ? metric.distribution([]).sum
        : metric.kind === 'set'
          ? metric.members
          : metric.value;
    all.push([metric.name, shown, samples]);
  });
  while (steps.next().done !== true);
  return all;
}

describe('an aggregator', () => {
  it('adds up, hands over what came in since the last time, and counts it', () => {
    const { aggregator } = quiet();
    ingest(aggregator, 'hits:3|c::hits:0.5|c::size:7|g::load:10,5|ms::bytes:9|h::far:2|d::users:alice,bob|s');
    expect(aggregator.counts).to.deep.equal({
      recorded: 9,
      sent: 0,
      pending: 9,
      dropped: { cardinality: 0, ended: 0, oversize: 0 },
      rejected: 0,
      metrics: 6,
    });
    expect(taken(aggregator)).to.deep.equal([
      ['hits', 3.5, 2],
      ['size', 7, 1],
      ['load', 15, 2],
      ['users', ['alice', 'bob'], 2],
      ['bytes', 9, 1],
      ['far', 2, 1],
    ]);
    expect(taken(aggregator)).to.deep.equal([]);
    ingest(aggregator, 'hits:1|c');
    expect(taken(aggregator)).to.deep.equal([['hits', 1, 1]]);
    expect(aggregator.counts).to.deep.include({ recorded: 10, sent: 10, pending: 0, metrics: 6 });
  });

  it('loses nothing that comes between two steps, and keeps what could not be written', () => {
    const { aggregator } = quiet();
    ingest(aggregator, 'a:1|c::b:1|c');
    const seen: string[] = [];
    const steps = aggregator.take(({ name }) => seen.push(name));
    steps.next();
    ingest(aggregator, 'a:4|c::b:1|c::c:1|c');
    while (steps.next().done !== true);
    expect(seen).to.deep.equal(['a', 'b', 'c']);
    const failing = aggregator.take(() => {
      throw new Error('no room');
    });
    expect(() => failing.next()).to.throw('no room');
    expect(taken(aggregator)).to.deep.equal([['a', 4, 1]]);
    expect(aggregator.counts).to.deep.include({ recorded: 5, sent: 5 });
  });

  it('lets go of metrics without a sample for ten rounds, so that new names always find room', () => {
    const { aggregator, warnings } = quiet({ maxMetrics: 50 });
    for (let round = 0; round < 100; round++) {
      ingest(aggregator, `job-${round}:1|c::job-${round}:1|ms::steady:1|c`);
      expect(taken(aggregator)).to.have.length(3);
    }
    expect(warnings).to.deep.equal([]);
    expect(aggregator.counts.metrics).to.be.below(30);
  });

  it('is bounded: new names and new members past the limits are dropped, counted and said once', () => {
    const { aggregator, warnings } = quiet({ maxMetrics: 2, maxSamples: 3 });
    ingest(aggregator, 'users:a,b,c,d,e|s::hits:1|c::size:1|g::load:1,2|ms');
    expect(aggregator.counts).to.deep.include({
      recorded: 9,
      pending: 4,
      dropped: { cardinality: 5, ended: 0, oversize: 0 },
      metrics: 2,
    });
    expect(warnings).to.have.length(2);
  });

  it('forgets chosen metrics, and gives up what is left at its end', () => {
    const { aggregator } = quiet();
    const hit = decode('hits:1|c').metrics[0]!;
    const first = aggregator.ingest(hit);
    expect(first).to.deep.include({ kind: 'counter', name: 'hits' });
    expect(aggregator.ingest(hit)).to.equal(undefined);
    expect([...aggregator.forget(({ name }) => name === 'hits')]).to.deep.equal([first]);
    expect([...aggregator.views()]).to.deep.equal([]);
    expect(aggregator.ingest(hit)).to.deep.include({ name: 'hits', value: 1 });
    aggregator.abandon();
    expect(aggregator.counts).to.deep.include({ recorded: 3, sent: 2, pending: 0 });
    expect(aggregator.counts.dropped.ended).to.equal(1);
  });

  it('keeps no process alive, and reads no variable for apps', () => {
    process.env['AFSTATSD_DISABLED'] = '1';
    try {
      const { aggregator } = quiet();
      const before = process.getActiveResourcesInfo();
      ingest(aggregator, 'hits:1|c');
      expect(taken(aggregator)).to.deep.equal([['hits', 1, 1]]);
      expect(process.getActiveResourcesInfo()).to.deep.equal(before);
    } finally {
      delete process.env['AFSTATSD_DISABLED'];
    }
  });
});
