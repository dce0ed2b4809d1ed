import path from 'node:path';
import { describeWith, usePrograms } from '@afstatsd/testing';
import { expect } from 'chai';

describeWith('redis', 'Processors of queues', () => {
  const programs = usePrograms();

  it('are timed: see programs/queues.ts', async () => {
    const mocha = require.resolve('mocha/bin/mocha.js');
    const suite = path.join(__dirname, 'programs', 'queues.js');
    const program = programs.run(process.execPath, [
      mocha,
      '--no-config',
      '--timeout',
      '120000',
      '--exit',
      suite,
    ]);
    const { code, stdout } = await program.ended();
    expect(code, stdout).to.equal(0);
    expect(stdout).to.contain('5 passing');
  });
});
