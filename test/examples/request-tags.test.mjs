// The example of request tags, as a process, with a real queue.
import { expect } from 'chai';
import { runExample } from './support/run-example.mjs';

describe('the example of request tags', () => {
  it('has the tenant and the plan of a request on what its storage records', async () => {
    const { exit, stdout, stderr, arrived } = await runExample('request-tags');
    expect({ exit, stderr }).to.deep.equal({ exit: 0, stderr: '' });
    expect(stdout).to.include('storage.rows table=orders plan=pro tenant=acme');
    expect(arrived.counters).to.deep.equal({
      'storage.rows#table:orders,plan:pro,tenant:acme': 2,
      'storage.rows#table:orders,plan:pro,tenant:beta': 1,
      'storage.rows#table:orders,plan:pro,tenant:other': 1,
    });
    expect(arrived.timers).to.deep.equal({
      'storage.read#plan:pro,tenant:acme': 2,
      'storage.read#plan:pro,tenant:beta': 1,
      'storage.read#plan:pro,tenant:other': 1,
    });
  });
});
