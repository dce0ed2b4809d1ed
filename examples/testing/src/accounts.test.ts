import { MemoryTransport, StatsdClient } from '@afstatsd/core';
import { expect } from 'chai';
import { Accounts } from './accounts.js';

describe('the metrics of accounts', () => {
  let memory: MemoryTransport;
  let problems: string[];
  let accounts: Accounts;

  beforeEach(() => {
    memory = new MemoryTransport();
    problems = [];
    // Nothing is shared between tests; and with interval 0 each call is sent at once, so no flush is needed.
    const statsd = new StatsdClient({
      transport: memory,
      interval: 0,
      onError: (problem) => problems.push(problem.message),
    });
    accounts = new Accounts(statsd);
  });

  // What can't be recorded throws nothing, so a test has to ask.
  afterEach(() => expect(problems).to.deep.equal([]));

  it('counts sign-ups by plan', () => {
    accounts.signUp('anna', 'pro');
    expect(memory.find('accounts.sign_ups', { plan: 'pro' })).to.have.length(1);
    expect(memory.find('accounts.sign_ups')).to.deep.equal([
      { type: 'counter', name: 'accounts.sign_ups', tags: [['plan', 'pro']], value: 1, rate: 1 },
    ]);
  });

  it('counts a refused sign-up, by its reason, and not as a sign-up', () => {
    accounts.signUp('anna', 'free');
    memory.clear();
    accounts.signUp('anna', 'pro');
    expect(memory.find('accounts.refused', { reason: 'taken' })).to.have.length(1);
    expect(memory.metrics).to.have.length(1);
  });

  it('has the number of accounts in a gauge', () => {
    accounts.signUp('anna', 'pro');
    accounts.signUp('ben', 'free');
    // A gauge carries the time at which it was set, so its value is looked at alone.
    expect(
      memory.find('accounts.total').map((metric) => metric.type === 'gauge' && metric.value),
    ).to.deep.equal([1, 2]);
  });

  it('records the length of a session, and whose it was', () => {
    accounts.logOut('anna', 1500);
    expect(memory.metrics).to.deep.equal([
      { type: 'set', name: 'accounts.active', members: ['anna'] },
      { type: 'timer', name: 'accounts.session', values: [1500], rate: 1 },
    ]);
  });
});
