import { expect } from 'chai';
import { describe, it } from 'mocha';
import { useStage } from '../support/stage.js';

describe('a cluster', () => {
  const at = useStage();
  const workers = 3;

  for (const [how, kill, end] of [
    ['end by themselves', false, 'worker: 0 null'],
    ['are killed with worker.kill()', true, 'worker: null SIGTERM'],
  ] as const) {
    it(`adds up what its processes count, and loses nothing of workers that ${how}`, async () => {
      const { code, stdout } = await at.start('cluster', { kill, workers }).ended();
      expect({ code, stdout }).to.deep.equal({ code: 0, stdout: `${end}\n`.repeat(workers) });
      expect(at.queue.waiting).to.equal(workers + 1);
      expect(at.arrived().counters.get('hits')).to.equal(5 * (workers + 1));
    });
  }
});
