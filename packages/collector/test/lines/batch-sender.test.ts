import { expect } from 'chai';
import { describe, it } from 'mocha';
import { BatchSender } from '../../src/lines/batch-sender.js';
import { Pending } from '../../src/lines/pending.js';

describe('what a reader hands over', () => {
  /** When the next batch is due after one of so many metrics, in ms. */
  function dueAfter(metrics: number): number {
    const shared = new Int32Array(new SharedArrayBuffer(4));
    const sender = new BatchSender({
      shared,
      done: 0,
      longest: 1_000,
      // As a message port does, which leaves nothing in what it transfers.
      post: (batch, transfer) => void structuredClone(batch, { transfer }),
    });
    const pending = new Pending(() => {});
    for (let id = 0; id < metrics; id++) {
      pending.learn(id, 0);
      pending.add(id, 1);
    }
    const before = performance.now();
    sender.send(pending);
    return sender.dueIn(before);
  }

  it('goes the less often the more metrics there are, since the main thread has as much to do for each', () => {
    expect(dueAfter(1)).to.be.at.least(21);
    expect(dueAfter(500)).to.be.at.least(520);
    expect(dueAfter(5_000)).to.be.at.least(1_000);
  });
});
