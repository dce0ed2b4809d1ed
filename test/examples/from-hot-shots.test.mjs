// The example of a program that used hot-shots: before and after, as processes, with a real socket in the Agent's place.
import { decodeLines } from '@afstatsd/core';
import { UdpReceiver } from '@afstatsd/testing';
import { expect } from 'chai';
import { runExample } from './support/run-example.mjs';

/** What lines say together. The order of tags says nothing, and neither do lines that are sent twice of a gauge or a set. */
function said(lines) {
  const counters = {};
  const gauges = {};
  const timers = {};
  const sets = {};
  for (const line of lines) {
    const { metrics, bad } = decodeLines(line);
    expect(bad, line).to.deep.equal([]);
    for (const { type, name, tags, ...content } of metrics) {
      const key = [name, ...tags.map((tag) => tag.join(':')).sort()].join(' ');
      if (type === 'counter') counters[key] = (counters[key] ?? 0) + content.value;
      else if (type === 'gauge') gauges[key] = content.value;
      else if (type === 'timer') timers[key] = [...(timers[key] ?? []), ...content.values];
      else sets[key] = [...new Set([...(sets[key] ?? []), ...content.members])];
    }
  }
  return { counters, gauges, timers, sets };
}

describe('the example of a program that used hot-shots', () => {
  let receiver;
  let oldLines;
  let newLines;

  async function run(which) {
    const ended = await runExample('from-hot-shots', {
      args: [which],
      env: { STATSD_PORT: String(receiver.port) },
      url: `udp://127.0.0.1:${receiver.port}?format=dogstatsd`,
    });
    expect(ended.exit, ended.stderr).to.equal(0);
    expect(ended.stderr).to.equal('');
    await receiver.readAll();
    return receiver.messages.splice(0).flatMap((message) => message.split('\n'));
  }

  before(async () => {
    receiver = await UdpReceiver.open();
    oldLines = await run('before');
    newLines = await run('after');
  });
  after(() => receiver.close());

  it('says the same after as before', () => {
    const [old, now] = [said(oldLines), said(newLines)];
    expect(now.counters).to.deep.equal(old.counters);
    expect(now.gauges).to.deep.equal(old.gauges);
    expect(now.sets).to.deep.equal(old.sets);

    // These two measure what really happened, so only their number is the same.
    const measured = ['shop.payment region:eu', 'shop.render region:eu'];
    for (const key of measured) {
      expect(old.timers[key], key).to.have.length(1);
      expect(now.timers[key], key).to.have.length(1);
      delete old.timers[key];
      delete now.timers[key];
    }
    expect(now.timers).to.deep.equal(old.timers);
  });

  it('says what it should', () => {
    const { counters, gauges, timers, sets } = said(newLines);
    expect(counters).to.deep.equal({
      'shop.orders method:card region:eu': 2,
      'shop.orders method:invoice region:eu': 1,
      'shop.page_views region:eu': 1,
      'shop.page_views.cart region:eu': 1,
      'shop.revenue_cents region:eu': 4999,
      'shop.stock region:eu': -2,
      'shop.refunds provider:acme reason:damaged region:eu': 1,
    });
    expect(gauges).to.deep.equal({ 'shop.cart_items region:eu': 3, 'shop.balance region:eu': -5 });
    expect(timers['shop.checkout method:card region:eu']).to.deep.equal([87.2, 12]);
    expect(sets).to.deep.equal({ 'shop.customers region:eu': ['anna'] });
  });

  it('sends a line for each call before, and one for each metric after, with a 0 before the negative gauge', () => {
    expect(oldLines).to.have.length(16);
    expect(newLines).to.have.length(14);
  });
});

describe('the example of a program that used hot-shots, without an argument', () => {
  it('asks for one', async () => {
    const { exit, stderr } = await runExample('from-hot-shots', { url: 'null:' });
    expect(exit).to.equal(1);
    expect(stderr).to.include('say which: before or after');
  });
});
