import { type Ended, type Program, Totals, until } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Stats } from '../../src/index.js';
import { useStage } from '../support/stage.js';

const metrics = 1_000;

function told({ stdout }: Ended): { waited: number; stats: Stats } {
  return JSON.parse(stdout.slice(stdout.indexOf('{'))) as { waited: number; stats: Stats };
}

describe('a full queue at the end of a process', () => {
  const at = useStage();

  /** Reads one message each time that it looks, until the program has ended. */
  async function readSlowly(program: Program): Promise<Totals> {
    const totals = new Totals();
    let ended = false;
    void program.ended().then(() => (ended = true));
    await until('the program ended', () => {
      const message = at.queue.read();
      if (message?.priority === 3) totals.add(message.text);
      return ended && message === undefined;
    });
    return totals;
  }

  function expectEachOnce({ counters }: Totals, expected = metrics): void {
    expect(counters.size).to.equal(expected);
    expect([...counters.values()].every((value) => value === 1)).to.be.true;
  }

  it('loses nothing to a reader that is slow', async () => {
    at.queue.fill();
    const program = at.start('full-queue', { metrics, exitTimeout: 30_000 });
    expectEachOnce(await readSlowly(program));
    const { code, stdout, stderr } = await program.ended();
    expect(code, stderr).to.equal(0);
    expect(told({ code, stdout, stderr, signal: null }).stats).to.include({ sent: metrics, pending: 0 });
  });

  it('loses nothing of what exit listeners record, however late', async () => {
    const program = at.start('full-queue', { metrics: 200, late: true, exitTimeout: 30_000 });
    expectEachOnce(await readSlowly(program), 200);
  });

  it('that nobody reads holds the process up for exitTimeout; what is left is counted as dropped', async () => {
    at.queue.fill();
    const ended = await at.start('full-queue', { metrics, exitTimeout: 400 }).ended();
    expect(ended.code).to.equal(0);
    const { waited, stats } = told(ended);
    expect(waited).to.be.within(400, 30_000);
    expect(stats).to.include({ recorded: metrics, sent: 0, pending: 0 });
    expect(stats.dropped.ended).to.equal(metrics);
    expect(at.arrived().counters).to.be.empty;
  });

  it('with an exitTimeout of 0 takes what fits, and the process ends', async () => {
    const ended = await at.start('full-queue', { metrics, exitTimeout: 0 }).ended();
    expect(ended.code).to.equal(0);
    const { stats } = told(ended);
    const arrived = at.arrived().counters.size;
    expect(arrived).to.be.within(1, metrics - 1);
    expect(stats).to.include({ recorded: metrics, sent: arrived, pending: 0 });
    expect(stats.dropped.ended).to.equal(metrics - arrived);
  });

  for (const signalExit of [false, true]) {
    it(`is waited for when a signal ends the process${signalExit ? ' by way of signal-exit' : ''}`, async () => {
      at.queue.fill();
      const script = { metrics, exitTimeout: 30_000, until: 'killed', signalExit };
      const program = at.start('full-queue', script);
      await program.printed('ready');
      program.child.kill('SIGTERM');
      expectEachOnce(await readSlowly(program));
      expect(await program.ended()).to.include({ code: null, signal: 'SIGTERM' });
    });
  }

  it("does not hold up the app's own signal handler", async () => {
    at.queue.fill();
    const program = at.start('full-queue', { metrics, exitTimeout: 60_000, until: 'told' });
    await program.printed('ready');
    program.child.kill('SIGTERM');
    await program.printed('handled'); // while nobody reads
    program.child.send('go on');
    expectEachOnce(await readSlowly(program));
    expect(await program.ended()).to.include({ code: 5, signal: null });
  });
});
