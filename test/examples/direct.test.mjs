// The example of direct calls, as a process, with a real queue.
import { decode } from '@afstatsd/core';
import { expect } from 'chai';
import { runExample } from './support/run-example.mjs';

describe('the example of direct calls', () => {
  let job;
  before(async () => (job = await runExample('direct')));

  it('imports what can be imported, and says what was sent', () => {
    expect(job.exit, job.stderr).to.equal(0);
    expect(job.stdout).to.match(/^3 of 5 orders imported\n\d+ samples sent, 0 pending\n$/);
    expect(job.stderr).to.equal('');
  });

  it('records counters, with their tags', () => {
    expect(job.arrived.counters).to.deep.equal({
      'orders.rows': 5,
      'orders.imported#country:DE': 2,
      'orders.imported#country:FR': 1,
      'orders.refused#reason:unreadable': 1,
      'orders.refused#reason:unsaved': 1,
      'orders.revenue_cents': 6749,
    });
  });

  it('records gauges: one that was set, and one that was read at the end', () => {
    expect(job.arrived.gauges).to.deep.equal({ 'orders.export_rows': 5, 'orders.waiting': 0 });
  });

  it('records timers: of each call, also one that failed, and of what the data say', () => {
    expect(job.arrived.timers).to.deep.equal({ 'orders.save': 4, 'orders.age': 3 });
    const ages = job.messages.flatMap((message) =>
      decode(message).metrics.flatMap(({ name, values }) => (name === 'orders.age' ? values : [])),
    );
    expect(ages).to.deep.equal([2000, 1000, 500]);
  });

  it('records the distinct members of a set', () => {
    expect(job.arrived.sets).to.deep.equal({ 'orders.customers': new Set(['anna', 'ben']) });
  });
});
