// The example of a cluster, as a primary and two workers that are ended in order, with a real queue.
import { once } from 'node:events';
import { get } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { runServer } from './support/run-example.mjs';

/** Over a connection of its own: what is kept alive stays with one worker. */
async function ask(url) {
  const [response] = await once(get(url, { agent: false }), 'response');
  return text(response);
}

describe('the example of a cluster', () => {
  let run;
  let asked = 0;
  const pids = new Set();

  before(async () => {
    run = await runServer('cluster', { env: { PORT: '0' } }, async (url) => {
      for (; pids.size < 2 || asked < 10; asked++) {
        const [, pid] = /^hello from (\d+)\n$/.exec(await ask(url));
        pids.add(pid);
      }
    });
  });

  it('ends in order at SIGTERM, with its workers', () => {
    expect(run.exit, run.stderr).to.equal(0);
    expect(run.stderr).to.equal('');
    for (const pid of pids) expect(() => process.kill(pid, 0), `process ${pid}`).to.throw('ESRCH');
  });

  it('has counters and timers that add up over its processes', () => {
    expect(run.arrived.counters).to.deep.equal({ 'cluster.forks': 2, 'cluster.requests': asked });
    expect(run.arrived.timers).to.deep.equal({ 'cluster.request': asked });
  });

  it('has a gauge of each worker', () => {
    expect(run.arrived.gauges).to.have.all.keys('cluster.heap_mb#worker:1', 'cluster.heap_mb#worker:2');
  });
});
