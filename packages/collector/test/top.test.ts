import { useQueues, freePort, eventually } from '@afstatsd/testing';
import { expect } from 'chai';
import { MAIN } from './support/collector-program.js';
import { useStage } from './support/stage.js';

describe('afstatsd-collector top', () => {
  const at = useStage();
  const queues = useQueues();

  it('shows the busiest series of a running collector, and finds by words', async () => {
    const [queue, page] = [queues.newName(), `127.0.0.1:${await freePort()}`];
    await at.collector(['--queue', queue, '--page', page]).ready();
    at.sender(queue).send(Buffer.from('cart:7|g\nlogin:20|ms\norders:500|c|#method:ca\u001Brd'), 3);
    await eventually(async () => {
      const shown = at.bare([MAIN, 'top', '--once', '--url', `http://${page}/`]);
      expect(await shown.exit()).to.equal(0);
      const lines = shown.stdout.split('\n');
      expect(lines[0]).to.match(/^afstatsd-collector \d.*, pid \d+, up \ds · http:/);
      expect(lines[1]).to.match(/^queue \d+ of \d+ waiting · 3 samples from queue/);
      expect(lines[2]).to.match(
        /^\d outputs, 0 errors, 0 lost · \d+ of 5000 places held · no client reports/,
      );
      expect(lines[4]).to.match(/^kind +metric +value +p50 +p95 +p99$/);
      // Where there is no terminal nothing is cut.
      expect(lines[5]).to.match(/^counter +orders\{method=ca_rd\} +\d\S*\/s$/);
      expect(shown.stdout)
        .to.match(/^gauge +cart +7$/m)
        .and.match(/^timer +login +\d\S*\/s +20ms +20ms +20ms$/m);
    });
    const found = at.bare([MAIN, 'top', '--url', `http://${page}/`, 'login']);
    expect(await found.exit()).to.equal(0);
    expect(found.stdout).to.include('login').and.not.include('orders');
    const byName = at.bare([MAIN, 'top', '--sort', 'name', '--url', `http://${page}/`, 'o']);
    expect(await byName.exit()).to.equal(0);
    expect(byName.stdout.indexOf('login')).to.be.below(byName.stdout.indexOf('orders'));
  });

  it('says where it looked when no page answers, and what it takes', async () => {
    const url = `http://127.0.0.1:${await freePort()}/`;
    const shown = at.bare([MAIN, 'top', '--url', url]);
    expect(await shown.exit()).to.equal(1);
    expect(shown.stderr).to.include(`no page answers at ${url}`);
    const wrong = at.bare([MAIN, 'top', '--colour']);
    expect(await wrong.exit()).to.equal(2);
    const unsorted = at.bare([MAIN, 'top', '--sort', 'size']);
    expect(await unsorted.exit()).to.equal(2);
    expect(unsorted.stderr).to.include('--sort must be one of rate, p95, name');
    const help = at.bare([MAIN, 'top', '--help']);
    expect(await help.exit()).to.equal(0);
    expect(help.stdout).to.include('--once');
  });
});
