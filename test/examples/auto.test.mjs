// A program without a word about metrics; what each part records is in the tests of packages/auto.
import { expect } from 'chai';
import { runServer } from './support/run-example.mjs';

describe('the example that is recorded without a change of its code', () => {
  it('records requests in and out, and the runtime', async () => {
    const env = { PORT: '0', NODE_OPTIONS: '--import @afstatsd/auto' };
    const { exit, stderr, arrived } = await runServer('auto', { env }, async (url) => {
      const answer = await fetch(`${url}/offers/tea?secret=1`, { headers: { connection: 'close' } });
      expect(await answer.json()).to.deep.equal({ offer: { item: 'tea', price: 7 } });
    });
    expect(exit, stderr).to.equal(0);
    const timers = Object.entries(arrived.timers).filter(([name]) => !name.startsWith('nodejs.'));
    expect(Object.fromEntries(timers)).to.deep.equal({
      'http.request#method:get,route:/offers/:item,status:2xx': 1,
      'http.request#method:get,route:/prices/:item,status:2xx': 1,
      'http.client.request#method:get,server_address:127.0.0.1,status:2xx': 1,
    });
    expect(Object.keys(arrived.gauges).join()).to.include('nodejs.heap.size.used.bytes');
  });
});
