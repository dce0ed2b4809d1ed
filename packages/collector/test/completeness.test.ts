import { decode } from '@afstatsd/core';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { Completeness } from '../src/completeness.js';

describe('how complete the numbers are', () => {
  const after = (...lines: string[]): Completeness => {
    const completeness = new Completeness();
    for (const metric of decode(lines.join('\n')).metrics) completeness.note(metric);
    return completeness;
  };

  it('is not known as long as no client reports', () => {
    expect(after('hits:1|c').percent).to.equal(undefined);
  });

  it('is the share of samples that clients did not have to drop, over all clients and reports', () => {
    const { percent } = after(
      'afstatsd.client.recorded:600|c',
      'afstatsd.client.recorded:400|c',
      'afstatsd.client.dropped:5|c',
    );
    expect(percent).to.equal(99.5);
  });

  it('reads reports with a prefix, with tags, and with tags folded into the name', () => {
    const { recorded, dropped } = after(
      'shop.afstatsd.client.recorded:10|c',
      'afstatsd.client.recorded:20|c|#host:a',
      'afstatsd.client.recorded.a.b:30|c',
      'afstatsd.client.dropped.a.b:3|c',
    );
    expect({ recorded, dropped }).to.deep.equal({ recorded: 60, dropped: 3 });
  });

  it('does not take other metrics for reports', () => {
    const { percent } = after(
      'afstatsd.client.recordedly:1|c',
      'xafstatsd.client.recorded:1|c',
      'afstatsd.client.recorded:1|g',
      'afstatsd.client.recorded:1|ms',
    );
    expect(percent).to.equal(undefined);
  });

  it('stays a number from 0 to 100, whatever anybody sends', () => {
    const lines = ['1e308:1e308', '1e308', '-1e308', '-5'].flatMap((value) => [
      `afstatsd.client.recorded:${value}|c`,
      `afstatsd.client.dropped:${value}|c|@0.1`,
    ]);
    expect(after(...lines).percent).to.equal(undefined);
    expect(after('afstatsd.client.recorded:10|c', ...lines).percent).to.equal(100);
    expect(after('afstatsd.client.recorded:1|c', 'afstatsd.client.dropped:2|c').percent).to.equal(0);
  });
});
