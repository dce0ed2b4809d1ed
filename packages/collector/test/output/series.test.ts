import { ValueType } from '@opentelemetry/api';
import { expect } from 'chai';
import { type Family, Series } from '../../src/output/otlp/series.js';
import type { SeriesKind } from '@afstatsd/prometheus/parts';

const BOUNDS = [0.1, 1];

describe('series', () => {
  const series = (kind: SeriesKind, began = 1000): Series => {
    const family: Family = {
      kind,
      descriptor: { name: 'x', description: '', unit: '', valueType: ValueType.DOUBLE },
    };
    return new Series(family, {}, BOUNDS, began);
  };

  it('begins before the end of every point, though the clock is set back, and then stays there', () => {
    const one = series('counter');
    expect([one.beganBefore(2000), one.beganBefore(3000)]).to.deep.equal([1000, 1000]);
    expect([one.beganBefore(500), one.beganBefore(600), one.beganBefore(4000)]).to.deep.equal([
      499, 499, 499,
    ]);
  });

  it('begins a delta where the last export ended', () => {
    const one = series('counter');
    expect(one.exportedBefore(2000)).to.equal(1000);
    one.exported(2000);
    expect(one.exportedBefore(3000)).to.equal(2000);
    expect([one.exportedBefore(1500), one.exportedBefore(1600)]).to.deep.equal([1499, 1499]);
  });
});
