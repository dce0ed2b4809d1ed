import { createHook } from 'node:async_hooks';
import { lookup } from 'node:dns/promises';
import { until, useClients, useReceivers } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { UDPTransport } from '../../../src/index.js';

describe('a UDP host that is a name', () => {
  const makeClient = useClients();
  const receivers = useReceivers();

  it('is looked up before the first flush, which waits for that', async () => {
    const host = 'LOCALHOST'; // unlike localhost, it is looked up
    const receiver = await receivers.udp({ address: (await lookup(host)).address });
    const { statsd, log } = makeClient({ transport: new UDPTransport({ host, port: receiver.port }) });
    statsd.increment('hits');
    expect(await statsd.flush({ timeout: 60_000 })).to.deep.equal({ sent: 1, pending: 0 });
    await until('it has arrived', () => receiver.messages.length > 0);
    expect(receiver.messages).to.deep.equal(['hits:1|c']);
    expect(log.warnings).to.deep.equal([]);
  });

  it('is not looked up before that, because a process does not end while a look-up is under way', () => {
    let lookups = 0;
    const hook = createHook({ init: (_id, type) => void (lookups += Number(type === 'GETADDRINFOREQWRAP')) });
    hook.enable();
    const transport = new UDPTransport({ host: 'LOCALHOST', port: 9 });
    expect([transport.interval(), lookups]).to.deep.equal([1_000, 0]);
    transport.open();
    expect(lookups).to.equal(1);
    hook.disable();
    transport.close();
  });

  it('without an address ends each flush as soon as that is known, and warns once', async () => {
    const { statsd, log } = makeClient({ transport: new UDPTransport({ host: 'no-such-host.invalid' }) });
    const timeout = 50_000;
    const began = performance.now();
    for (let flush = 1; flush <= 5; flush++) {
      statsd.increment('hits');
      expect(await statsd.flush({ timeout })).to.deep.equal({ sent: 0, pending: flush });
    }
    expect(performance.now() - began).to.be.below(timeout);
    expect(log.warnings).to.have.lengthOf(1);
    expect(log.warnings[0]).to.include('udp no-such-host.invalid:8125').and.include('getaddrinfo');
    expect(statsd.stats().transport).to.include({ state: 'unavailable', messages: 0 });
  });
});
