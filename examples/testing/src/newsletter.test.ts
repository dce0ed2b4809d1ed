import { MemoryTransport, Statsd } from '@afstatsd/core';
import { expect } from 'chai';
import { sendNewsletter } from './newsletter.js';

describe('the metrics of the newsletter', () => {
  const memory = new MemoryTransport();

  // The code under test records with the shared client.
  before(() => Statsd.setTransport(memory));

  // What one test leaves pending would count in the next one.
  afterEach(async () => {
    await Statsd.flush();
    memory.clear();
  });

  it('counts copies and failures, and times both', async () => {
    await sendNewsletter(['anna', 'ben', 'chloe'], async (reader) => {
      if (reader === 'ben') throw new Error('mailbox full');
    });
    await Statsd.flush();

    const [failures, copies, times, ...others] = memory.metrics;
    expect(failures).to.deep.equal({ type: 'counter', name: 'newsletter.failures', value: 1, rate: 1 });
    expect(copies).to.deep.equal({ type: 'counter', name: 'newsletter.copies', value: 2, rate: 1 });
    // How long each call took is nothing that a test can know; how many there were is.
    expect(times).to.deep.include({ type: 'timer', name: 'newsletter.send' });
    expect(times?.type === 'timer' && times.values).to.have.length(3);
    expect(others).to.deep.equal([]);
  });

  it('says that nothing went out', async () => {
    await sendNewsletter([], async () => {});
    await Statsd.flush();
    expect(memory.messages).to.deep.equal(['newsletter.copies:0|c']);
  });
});
