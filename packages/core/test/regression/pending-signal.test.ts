import { usePrograms } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { programFile } from '../support/program-file.js';

/** Taken off and put back, the only listener of a signal loses one that the process has got and not handled yet. */
describe('a signal that has come, but was not handled yet', () => {
  const programs = usePrograms();

  it('ends the process, also when options change and listeners are added meanwhile', async () => {
    const program = programs.node([programFile('pending-signal')]);
    expect(await program.message()).to.equal('busy');
    program.child.kill('SIGTERM');
    expect(await program.ended()).to.include({ code: null, signal: 'SIGTERM' });
  });
});
