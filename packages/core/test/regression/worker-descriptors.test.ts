import { expect } from 'chai';
import { describe, it } from 'mocha';
import { useStage } from '../support/stage.js';

/** Node doesn't close what a native library has opened in a worker thread: each one left a descriptor behind. */
describe('a worker thread that ends', () => {
  const at = useStage();

  it('lets go of its descriptor of the queue', async () => {
    const { code, stdout, stderr } = await at.start('worker-descriptors').ended();
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    expect(stdout).to.equal('open: 1\nopen: 1\nopen: 1\nleft: 0\n');
    expect(at.arrived().counters.get('hits')).to.equal(6);
  });
});
