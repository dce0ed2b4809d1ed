import type { StatsdClient } from '@afstatsd/core';
import { createRecordingClient, statsdAssertions } from '@afstatsd/core/testing';
import { expect, use } from 'chai';
import { Accounts } from './accounts.js';

use(statsdAssertions);

describe('the metrics of accounts', () => {
  let statsd: StatsdClient;
  let problems: string[];
  let accounts: Accounts;

  beforeEach(() => {
    problems = [];
    // A client for each test, so nothing is shared between tests.
    statsd = createRecordingClient({ onError: (problem) => problems.push(problem.message) });
    accounts = new Accounts(statsd);
  });

  // What can't be recorded throws nothing, so a test has to ask.
  afterEach(() => expect(problems).to.deep.equal([]));

  it('counts sign-ups by plan', () => {
    accounts.signUp('anna', 'pro');
    accounts.signUp('ben', 'free');
    expect(statsd).to.have.counted('accounts.sign_ups', 1, { plan: 'pro' });
    expect(statsd).to.have.counted('accounts.sign_ups', 2);
  });

  it('counts a refused sign-up, by its reason, and not as a sign-up', () => {
    accounts.signUp('anna', 'free');
    accounts.signUp('anna', 'pro');
    expect(statsd).to.have.counted('accounts.refused', 1, { reason: 'taken' });
    expect(statsd).to.not.have.counted('accounts.sign_ups', { plan: 'pro' });
  });

  it('has the number of accounts in a gauge', () => {
    accounts.signUp('anna', 'pro');
    expect(statsd).to.have.gauged('accounts.total', 1);
    accounts.signUp('ben', 'free');
    expect(statsd).to.have.gauged('accounts.total', 2);
  });

  it('records the length of a session, and whose it was', () => {
    accounts.logOut('anna', 1500);
    expect(statsd).to.have.timed('accounts.session', [1500]);
    expect(statsd).to.have.addedToSet('accounts.active', ['anna']);
  });
});
