import { Totals, until, useClients, useReceivers } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { UDPTransport } from '../../../src/index.js';

describe('UDP without aggregation (interval 0)', () => {
  const makeClient = useClients();
  const receivers = useReceivers();

  it('keeps the first calls until the probe has passed, and sends each later one at once by itself', async () => {
    const receiver = await receivers.udp();
    const { statsd } = makeClient({ transport: new UDPTransport({ port: receiver.port }), interval: 0 });
    statsd.increment('first');
    statsd.increment('first');
    expect(statsd.stats()).to.include({ pending: 2 });
    await until('the first calls have arrived', () => receiver.lines.length === 1);
    expect(receiver.lines).to.deep.equal(['first:2|c']);

    statsd.increment('a');
    statsd.gauge('b', -1);
    statsd.timing('c', 3);
    statsd.set('d', 'ann');
    statsd.increment('a');
    expect(statsd.stats()).to.include({ pending: 0, sent: 7 }); // not only later
    await until('the calls have arrived', () => receiver.messages.length === 6);
    expect(receiver.messages.slice(1)).to.deep.equal([
      'a:1|c',
      'b:0|g\nb:-1|g',
      'c:3|ms',
      'd:ann|s',
      'a:1|c',
    ]);
  });

  it('sends sampled calls by themselves, with their rate', async () => {
    const receiver = await receivers.udp();
    const { statsd } = makeClient({ transport: new UDPTransport({ port: receiver.port }), interval: 0 });
    statsd.increment('first');
    await until('the first call has arrived', () => receiver.lines.length === 1);
    for (let call = 0; call < 20; call++) {
      statsd.increment('hits', 0.5);
      statsd.timing('wait', call, 0.5);
    }
    const { sent, pending, sampledOut } = statsd.stats();
    expect({ pending, all: sent + sampledOut }).to.deep.equal({ pending: 0, all: 41 });
    await until('all has arrived', () => receiver.messages.length === sent);
    for (const message of receiver.messages.slice(1)) {
      expect(message).to.match(/^(hits:1\|c|wait:\d+\|ms)\|@0\.5$/);
    }
  });

  it('aggregates what comes faster than the pace, and loses none of it', async () => {
    const receiver = await receivers.udp();
    const { statsd } = makeClient({ transport: new UDPTransport({ port: receiver.port }), interval: 0 });
    statsd.increment('first');
    await until('the first call has arrived', () => receiver.lines.length === 1);
    // A turn of the event loop in which nothing can be sent once the pace has said wait, however slow the machine is.
    for (let call = 0; call < 5_000; call++) {
      statsd.updateStats('sum', call);
      statsd.increment('calls');
    }
    const { sent, pending } = statsd.stats();
    expect(sent).to.be.at.least(1);
    expect(pending).to.be.above(5_000); // a window of the pace holds some 46 short datagrams
    await until('all has left', () => statsd.stats().pending === 0);
    const totals = (): Totals => receiver.messages.reduce((all, message) => all.add(message), new Totals());
    // Each may come in a datagram of its own, in whatever order.
    await until('all has arrived', () => {
      const { counters } = totals();
      return counters.get('calls') === 5_000 && counters.get('sum') === (4_999 * 5_000) / 2;
    });
  });
});
