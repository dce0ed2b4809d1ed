import { ETSY, type Reading, eventually, useClients, useServer } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { UDPTransport } from '../../src/index.js';
import { flushTo } from '../support/flush-to.js';

const hitsIn = ({ counters }: Reading): number =>
  [...counters].reduce((sum, [name, value]) => (name.startsWith('hits') ? sum + value : sum), 0);

/** What may leave before a refusal is known: one window of the pacing. */
const MOST_LOST_BYTES = 16 * 1432 + 1432;

describe('a UDP server that stops and comes back', () => {
  const makeClient = useClients();
  const startEtsy = useServer(ETSY);

  for (const [size, metrics] of [
    ['of one datagram', 3],
    ['of two datagrams', 150],
    ['of three datagrams', 250],
    ['of many datagrams', 8_000],
  ] as const) {
    // Without a format a question goes before each flush. If it is refused in time, nothing is lost.
    for (const [how, options, least] of [
      ['with a format', { format: 'etsy' }, 1],
      ['without a format', {}, 0],
    ] as const)
      it(`costs no more than what one flush ${size}, ${how}, had sent when the refusal came, and that is counted`, async () => {
        const first = await startEtsy();
        const { statsd, log } = makeClient({ transport: new UDPTransport({ port: first.port, ...options }) });
        const record = (): void => {
          for (let i = 0; i < metrics; i++) statsd.increment(`hits.${i}`);
        };
        record();
        let arrived = hitsIn(await flushTo(first, statsd));
        expect(arrived).to.equal(metrics);
        await first.stop();

        const before = statsd.stats().transport;
        record();
        const { sent: lost } = await statsd.flush({ timeout: 60_000 });
        await eventually(() => {
          const { refusedDatagrams, messages, state } = statsd.stats().transport;
          expect(refusedDatagrams)
            .to.equal(messages - before.messages)
            .and.to.be.at.least(least);
          expect(state).to.equal('unavailable');
        });
        const { transport } = statsd.stats();
        expect(transport.bytes - before.bytes).to.be.at.most(MOST_LOST_BYTES);

        // From now on nothing leaves, however often it is tried.
        for (let i = 0; i < 5; i++) {
          record();
          expect(await statsd.flush()).to.include({ sent: 0 });
        }
        expect(statsd.stats()).to.include({ pending: 6 * metrics - lost });
        expect(statsd.stats().transport).to.include({
          state: 'unavailable',
          messages: transport.messages,
          refusedDatagrams: transport.refusedDatagrams,
        });
        expect(log.warnings).to.have.lengthOf(1);
        expect(log.warnings[0]).to.include(`udp 127.0.0.1:${first.port}`).and.include('ECONNREFUSED');

        const second = await startEtsy({ port: first.port });
        record();
        arrived += hitsIn(await flushTo(second, statsd));
        expect(arrived + lost).to.equal(8 * metrics);
        expect(statsd.stats()).to.deep.include({
          pending: 0,
          dropped: { cardinality: 0, ended: 0, oversize: 0 },
        });
        expect(statsd.stats().transport.refusedDatagrams).to.equal(transport.refusedDatagrams);
        expect(log.warnings).to.have.lengthOf(1);
        expect(log.infos.at(-1)).to.include('sending to udp');
      });
  }

  it('costs nothing at all if it comes back between two flushes', async () => {
    const first = await startEtsy();
    const { statsd } = makeClient({ transport: new UDPTransport({ port: first.port }) });
    statsd.increment('hits');
    await flushTo(first, statsd);
    await first.stop();
    statsd.increment('hits');
    const second = await startEtsy({ port: first.port });
    expect((await flushTo(second, statsd)).counters.get('hits')).to.equal(1);
    expect(statsd.stats().transport.refusedDatagrams).to.equal(0);
  });

  it('that is not there yet costs nothing at all', async () => {
    const first = await startEtsy();
    await first.stop();
    const { statsd, log } = makeClient({ transport: new UDPTransport({ port: first.port }) });
    for (let flush = 0; flush < 5; flush++) {
      for (let i = 0; i < 2_000; i++) statsd.increment(`hits.${i}`);
      expect(await statsd.flush()).to.deep.equal({ sent: 0, pending: 2_000 * (flush + 1) });
    }
    expect(log.warnings).to.have.lengthOf(1);
    const second = await startEtsy({ port: first.port });
    expect(hitsIn(await flushTo(second, statsd))).to.equal(10_000);
    expect(statsd.stats().transport.refusedDatagrams).to.equal(0);
  });
});
