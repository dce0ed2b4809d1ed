import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect } from 'chai';

const run = promisify(execFile);

/** What a process prints that runs a module here. */
async function printed(type: 'commonjs' | 'module', source: string): Promise<string> {
  const { stdout } = await run(process.execPath, [`--input-type=${type}`, '--eval', source], {
    cwd: __dirname,
  });
  return stdout.trim();
}

describe('the module @afstatsd/express', () => {
  it('is the function, for require', async () => {
    const source = `
      const afstatsd = require('@afstatsd/express');
      const { afstatsdExpress, default: byDefault } = afstatsd;
      console.log(typeof afstatsd, afstatsd === afstatsdExpress, afstatsd === byDefault, typeof afstatsd());`;
    expect(await printed('commonjs', source)).to.equal('function true true function');
  });

  it('has the function as its default and by its name, for import', async () => {
    const source = `
      import afstatsd, { afstatsdExpress } from '@afstatsd/express';
      console.log(typeof afstatsd, afstatsd === afstatsdExpress, typeof afstatsdExpress());`;
    expect(await printed('module', source)).to.equal('function true function');
  });
});
