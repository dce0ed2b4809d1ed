import { until, useReceivers } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { hits, useUdpProgram } from '../../support/udp-program.js';

describe('the URL of a UDP transport, in AFSTATSD_URL,', () => {
  const run = useUdpProgram();
  const receivers = useReceivers();

  it('has its options after the question mark', async () => {
    const receiver = await receivers.udp();
    const url = `udp://127.0.0.1:${receiver.port}?format=dogstatsd&timer=distribution&timerRate=true&maxMessageBytes=20`;
    const program = run(url, { way: 'flushes and ends' }, { AFSTATSD_TAGS: 'a:b' });
    expect(await program.ended()).to.include({ code: 0, stderr: '' });
    await until('all has arrived', () => receiver.messages.length >= 3);
    // Each in a message of its own, since two have more than 20 bytes.
    expect(receiver.messages).to.deep.equal(hits(3).map((line) => `${line}|#a:b`));
  });

  it('that is wrong gives one warning, and the default is used', async () => {
    const program = run('udp://127.0.0.1:70000', { way: 'flushes and ends' });
    const { code, stderr } = await program.ended();
    expect(code).to.equal(0);
    expect(stderr.match(/AFSTATSD_URL/g)).to.have.lengthOf(1);
    expect(stderr).to.include('udp://127.0.0.1:70000').and.include('It is ignored');
  });
});
