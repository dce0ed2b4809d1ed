import { expect } from 'chai';
import { describe, it } from 'mocha';
import { Log } from '../../src/log.js';
import { PeriodRecording } from '../../src/store/period-recording.js';

describe('the recording of a store', () => {
  const lines: string[] = [];
  const record = (maxMetrics: number): PeriodRecording =>
    new PeriodRecording({
      maxMetrics,
      expire: {},
      name: 'store',
      log: new Log((line) => lines.push(line)),
      now: () => performance.now(),
    });

  beforeEach(() => (lines.length = 0));

  it('has room for the names of each period, however many names there were before', async () => {
    const recording = record(100);
    for (let period = 0; period < 60; period++) {
      recording.ingest({ type: 'counter', name: `job-${period}`, value: 1, rate: 1 });
      recording.ingest({ type: 'timer', name: `job-${period}`, values: [1, 2], rate: 1 });
      recording.ingest({ type: 'set', name: `job-${period}`, members: ['a'] });
      const written: [string, number][] = [];
      await recording.take(({ kind }, samples) => written.push([kind, samples]));
      expect(written).to.deep.equal([
        ['counter', 1],
        ['timer', 2],
        ['set', 1],
      ]);
    }
    expect(recording.held).to.be.below(30);
    expect(recording.counts).to.deep.equal({ recorded: 240, cardinality: 0, rejected: 0, ended: 0 });
    expect(lines).to.deep.equal([]);
  });

  it('counts as ended what came in after the last period, but no gauge, because it was written', async () => {
    const recording = record(100);
    recording.ingest({ type: 'gauge', name: 'size', value: 1 });
    await recording.take(() => {});
    recording.ingest({ type: 'counter', name: 'hits', value: 5, rate: 1, samples: 3 });
    recording.ingest({ type: 'set', name: 'users', members: ['a', 'b'] });
    recording.close();
    expect(recording.counts).to.deep.equal({ recorded: 6, cardinality: 0, rejected: 0, ended: 5 });
  });
});
