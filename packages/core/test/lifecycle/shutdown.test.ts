import path from 'node:path';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { FlushResult, Stats } from '../../src/index.js';
import { expectAll } from '../support/expect-all.js';
import { useStage } from '../support/stage.js';

const program = (name: string): string => path.join(__dirname, '..', 'programs', `${name}.mjs`);
/** Samples of `recordAll`, with what the gauge callback is read as. */
const samples = 10;

interface Settled {
  readonly result: FlushResult;
  readonly waited: number;
}

for (const method of ['flush', 'shutdown'] as const) {
  describe(`await Statsd.${method}() at top level`, () => {
    const at = useStage();

    async function settled(timeout?: number): Promise<Settled> {
      const { code, stdout, stderr } = await at.start(program('settle'), { method, timeout }).ended();
      expect(code, stderr).to.equal(0);
      return JSON.parse(stdout) as Settled;
    }

    it('resolves when all has left', async () => {
      expect((await settled(60_000)).result).to.deep.equal({ sent: samples, pending: 0 });
      expectAll(at.arrived());
    });

    it('resolves at once when there is no queue', async () => {
      at.queue.unlink();
      const { result, waited } = await settled(50_000);
      expect(result).to.deep.equal({ sent: 0, pending: samples });
      expect(waited).to.be.below(25_000);
    });

    it('resolves at the timeout when the queue is full and nobody reads it', async () => {
      at.queue.fill();
      const { result, waited } = await settled(300);
      expect(result).to.deep.equal({ sent: 0, pending: samples });
      expect(waited).to.be.within(295, 25_000);
    });

    it('waits for a second by default', async () => {
      at.queue.fill();
      expect((await settled()).waited).to.be.within(995, 25_000);
    });
  });
}

describe('shutdown', () => {
  const at = useStage();

  async function told(): Promise<{
    same: boolean;
    results: FlushResult[];
    listeners: Record<string, Record<string, number>>;
    stats: Stats;
  }> {
    const { code, stdout, stderr } = await at.start(program('shutdown')).ended();
    expect(code, stderr).to.equal(0);
    return JSON.parse(stdout) as Awaited<ReturnType<typeof told>>;
  }

  it('sends all, and lets the process end', async () => {
    const { stats } = await told();
    expectAll(at.arrived());
    expect(stats).to.include({ recorded: samples, sent: samples, pending: 0 });
  });

  it('gives the same answer however often it is called', async () => {
    const { same, results } = await told();
    expect(same).to.be.true;
    expect(results).to.have.lengthOf(3);
    for (const result of results) expect(result).to.deep.equal({ sent: samples, pending: 0 });
  });

  it('counts later calls as rejected', async () => {
    const { stats } = await told();
    expect(stats.rejected).to.equal(samples - 1); // the gauge callback waits for configure
    expect(stats.dropped).to.deep.equal({ cardinality: 0, ended: 0, oversize: 0 });
  });

  it('takes our listeners off the process, for good', async () => {
    const { listeners } = await told();
    const { before, meanwhile, after, atTheEnd } = listeners;
    expect(meanwhile).to.not.deep.equal(before);
    expect([after, atTheEnd]).to.deep.equal([before, before]);
  });
});
