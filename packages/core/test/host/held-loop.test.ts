import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { usePrograms } from '@afstatsd/testing';
import { expect } from 'chai';
import { type Hold, endHold, newHold, within } from '../../src/host/held-loop.js';
import { programFile } from '../support/program-file.js';

describe('how long the code of a call holds the event loop', () => {
  const programs = usePrograms();

  it('keeps nothing of calls that are over, in a chain that goes on for ever', async () => {
    const begun: Hold[] = [];
    let done = (): void => {};
    const end = new Promise<void>((resolve) => (done = resolve));
    const step = async (): Promise<void> => {
      const hold = newHold();
      begun.push(hold);
      await within(hold, async () => {
        await Promise.resolve();
        if (begun.length < 200) void step();
        else done();
      });
      endHold(hold);
    };
    await step();
    await end;
    for (const hold of begun) {
      let length = 0;
      for (let outer = hold.outer; outer !== undefined; outer = outer.outer) length++;
      expect(length).to.be.at.most(3);
    }
  });

  it('goes on measuring after a callback has thrown, and after code that overflows the stack', async () => {
    const program = programs.node([programFile('held-loop-throws')]);
    const { code, stdout } = await program.ended();
    expect(code).to.equal(0);
    const { held, own, all } = JSON.parse(stdout) as { held: number; own: number; all: number };
    expect(held).to.be.at.least(own);
    expect(held).to.be.at.most(all);
  });

  it('is nothing where the call only waits', async () => {
    const hold = newHold();
    const begin = performance.now();
    await within(hold, () => sleep(20));
    const all = performance.now() - begin;
    expect(endHold(hold)).to.be.within(0, all);
  });
});
