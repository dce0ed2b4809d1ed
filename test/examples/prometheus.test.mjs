// The example that Prometheus scrapes directly, as a primary and two workers.
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

describe('the example without a collector', () => {
  it('shows the requests of both workers on each page', async () => {
    let asked = 0;
    const pids = new Set();
    const pages = [];
    const run = await runServer('prometheus', { env: { PORT: '0' } }, async (url) => {
      for (; pids.size < 2 || asked < 10; asked++) {
        const [, pid] = /^hello from (\d+)\n$/.exec(await ask(url));
        pids.add(pid);
      }
      for (let at = 0; at < 4; at++) pages.push(await ask(`${url}/metrics`));
    });
    expect(run.exit, run.stderr).to.equal(0);
    expect(run.stderr).to.equal('');
    for (const page of pages) expect(page).to.match(new RegExp(`^requests_total(\\{.*\\})? ${asked}$`, 'm'));
  });
});
