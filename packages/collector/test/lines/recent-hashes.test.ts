import { expect } from 'chai';
import { describe, it } from 'mocha';
import { RecentHashes } from '../../src/lines/recent-hashes.js';

describe('hashes that were seen lately', () => {
  it('are known the second time', () => {
    const recent = new RecentHashes(64);
    expect(recent.see(7)).to.equal(false);
    expect(recent.see(7)).to.equal(true);
    expect(recent.see(-7)).to.equal(false);
    expect(recent.see(-7)).to.equal(true);
  });

  for (const number of [2, 3]) {
    it(`are known in time, though ${number} that come in turn have the same places`, () => {
      for (let base = 1; base < 100; base++) {
        const recent = new RecentHashes(64);
        const left = new Set(Array.from({ length: number }, (_, i) => base + 64 * i));
        // One that is known isn't looked for again.
        for (let round = 0; round < 200; round++)
          for (const hash of left) if (recent.see(hash)) left.delete(hash);
        expect([...left]).to.deep.equal([]);
      }
    });
  }

  it('are forgotten when many others come', () => {
    const recent = new RecentHashes(64);
    recent.see(1);
    for (let hash = 2; hash < 2000; hash++) recent.see(hash);
    expect(recent.see(1)).to.equal(false);
  });
});
