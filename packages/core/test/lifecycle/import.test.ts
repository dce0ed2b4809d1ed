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

  it('adds no listener, keeps nothing going, and loads no native code', async () => {
    const { code, stdout, stderr } = await start('import').ended();
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    const { before, after } = JSON.parse(stdout) as { before: Look; after: Look };
    expect(after).to.deep.equal(before);
    expect(after.native).to.be.empty;
  });
});
