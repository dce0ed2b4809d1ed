import { until } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { useStage } from '../support/stage.js';

describe('a process killed by SIGKILL', () => {
  const at = useStage();

  it('loses what was pending, and no more', async () => {
    const program = at.start('killed');
    await until('the first flush arrived', () => at.queue.waiting > 0);
    program.child.send('go on');
    await program.printed('recorded');
    program.child.kill('SIGKILL');
    expect(await program.ended()).to.include({ code: null, signal: 'SIGKILL' });
    expect([...at.arrived().counters]).to.deep.equal([['first', 1]]);
  });
});
