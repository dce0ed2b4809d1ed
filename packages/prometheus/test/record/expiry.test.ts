import { expect } from 'chai';
import { describe, it } from 'mocha';
import { expiryTimes, readExpiry } from '../../src/record/expiry.js';

describe('--expire', () => {
  const times = (...words: readonly string[]): unknown => expiryTimes(words.map(readExpiry));

  it('lets every kind expire after one time, or each after its own', () => {
    const hour = 3_600_000;
    expect(times()).to.deep.equal({});
    expect(times('1h')).to.deep.equal({ counter: hour, gauge: hour, timer: hour, set: hour });
    expect(times('gauge=1h')).to.deep.equal({ gauge: hour });
    expect(times('gauge=2h', '1h')).to.deep.equal({ counter: hour, gauge: 2 * hour, timer: hour, set: hour });
  });

  it('takes the last of several', () => {
    expect(times('1s', 'set=4s', '2s', 'set=3s')).to.deep.equal({
      counter: 2_000,
      gauge: 2_000,
      timer: 2_000,
      set: 3_000,
    });
  });
});
