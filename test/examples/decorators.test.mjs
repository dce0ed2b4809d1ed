// The examples of standard and of legacy decorators, as processes, with a real queue.
import { expect } from 'chai';
import { runExample } from './support/run-example.mjs';

describe('the example of standard decorators', () => {
  let run;
  before(async () => (run = await runExample('decorators-standard')));

  it('does its work, and lists its metrics', () => {
    expect(run.exit, run.stderr).to.equal(0);
    expect(run.stdout.split('\n')).to.deep.equal([
      '2 mails failed',
      'waiting: gauge mail.waiting',
      'queue: counter mail.queued',
      '1 mail waits',
      '',
    ]);
    expect(run.stderr).to.equal('');
  });

  it('counts calls by a tag from the argument, successes, and failures of what is timed', () => {
    expect(run.arrived.counters).to.deep.equal({
      'mail.queued#kind:newsletter': 4,
      'mail.queued#kind:receipt': 1,
      'mail.delivered': 2,
      'mail.delivery.errors': 2,
    });
  });

  it('times each call of a private method, and has read its gauges at the end', () => {
    expect(run.arrived.timers).to.deep.equal({ 'mail.delivery': 4 });
    expect(run.arrived.gauges).to.deep.equal({ 'mail.waiting': 1, 'mail.delivering': 0 });
    expect(run.arrived.sets).to.deep.equal({});
  });
});

describe('the example of legacy decorators', () => {
  let run;
  before(async () => (run = await runExample('decorators-legacy')));

  it('does its work by way of the types that are in the metadata', () => {
    expect(run.exit, run.stderr).to.equal(0);
    expect(run.stdout.split('\n')).to.deep.equal([
      'lend: not on the shelf: Emma',
      'giveBack: not on loan: Ulysses',
      'Ulysses is there',
      '2 books are on loan',
      '',
    ]);
    expect(run.stderr).to.equal('');
  });

  it('counts successes, sums of results, and failures of what is timed', () => {
    expect(run.arrived.counters).to.deep.equal({
      'library.loans': 3,
      'library.fines_cents': 75,
      'library.lend.errors': 1,
      'library.giveBack.errors': 1,
    });
  });

  it('times every method but the one that is skipped, and has polled its gauge at the end', () => {
    expect(run.arrived.timers).to.deep.equal({ 'library.lend': 4, 'library.giveBack': 2 });
    expect(run.arrived.gauges).to.deep.equal({ 'library.on_loan': 2 });
    expect(run.arrived.sets).to.deep.equal({});
  });
});
