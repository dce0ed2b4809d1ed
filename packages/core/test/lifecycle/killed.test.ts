import { expect } from 'chai';
import { describe, it } from 'mocha';
import { until } from '../support/until.js';
import { printed, stage } from './stage.js';

describe('a process killed by SIGKILL', function () {
  this.timeout(60_000);
  const at = stage();

  it('loses what was pending, and no more', async () => {
    const program = at.start('killed');
    await until('the first flush arrived', () => at.queue.waiting > 0);
    program.child.send('go on');
    await printed(program, 'recorded');
    program.child.kill('SIGKILL');
    expect(await program.ended()).to.include({ code: null, signal: 'SIGKILL' });
    expect([...at.arrived().counters]).to.deep.equal([['first', 1]]);
  });
});
