import { expect } from 'chai';
import { Backoff } from '../../src/retry/backoff.js';

const waits = (messages: number[]): number[] => {
  const backoff = new Backoff();
  return messages.map((sent) => backoff.next(sent));
};

describe('the wait for room', () => {
  it('starts at 5 ms, whatever went before', () => {
    expect(waits([0])).to.deep.equal([5]);
    expect(waits([100])).to.deep.equal([5]);
  });

  it('halves down to 1 ms when four or more messages went', () => {
    expect(waits([9, 4, 5, 10, 4])).to.deep.equal([5, 2.5, 1.25, 1, 1]);
  });

  it('doubles up to 25 ms when one went, and stays when two or three did', () => {
    expect(waits([1, 1, 1, 1, 2, 3])).to.deep.equal([5, 10, 20, 25, 25, 25]);
  });

  it('doubles up to 250 ms while none goes, and is 25 at most as soon as one does', () => {
    expect(waits([0, 0, 0, 0, 0, 0, 0, 0, 1, 4])).to.deep.equal([5, 10, 20, 40, 80, 160, 250, 250, 25, 12.5]);
  });
});
