import path from 'node:path';
import { usePrograms } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { useStage } from '../support/stage.js';

interface Look {
  readonly listeners: unknown;
  readonly resources: string[];
  readonly native: string[];
}

describe('importing the package', () => {
  const { start } = useStage();
  const programs = usePrograms();

  it('adds no listener, keeps nothing going, and loads no native code', async () => {
    const { code, stdout, stderr } = await start('import').ended();
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    const { before, after } = JSON.parse(stdout) as { before: Look; after: Look };
    expect(after).to.deep.equal(before);
    expect(after.native).to.be.empty;
  });

  it('does not load hot-shots’ client, which is an entry of its own', async () => {
    const index = require.resolve('../../src/index.js');
    const loaded = `Object.keys(require.cache).filter((file) => file.includes('/src/hot-shots/')).length`;
    const program = programs.node([
      '-e',
      `require(${JSON.stringify(index)}); console.log(${loaded});
       require('../../hot-shots/index.js'.replace('../..', ${JSON.stringify(path.dirname(index))})); console.log(${loaded} > 0);`,
    ]);
    expect((await program.ended()).stdout).to.equal('0\ntrue\n');
  });
});
