import { need, useClients } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { UDPTransport } from '../../../src/index.js';
import { useUdpProgram } from '../../support/udp-program.js';

const PORT = 8125;

/** Addresses that no socket can be connected to, and why. */
const UNREACHABLE = [
  { what: 'a broadcast address', host: '255.255.255.255', why: 'EACCES' },
  { what: 'a broadcast address in IPv6', host: '::ffff:ffff:ffff', why: 'EACCES', ipv6: true },
  { what: 'a link-local address without its link', host: 'fe80::1', why: 'EINVAL', ipv6: true },
];

describe('a UDP socket that cannot be connected', () => {
  const makeClient = useClients();
  const run = useUdpProgram();

  for (const { what, host, why, ipv6 = false } of UNREACHABLE) {
    const address = ipv6 ? `[${host}]` : host;
    const detail = `udp ${address}:${PORT} (etsy): connect ${why} ${host}:${PORT}`;

    it(`to ${what} says why, however many flushes there are at once`, async function () {
      if (ipv6) need(this, 'IPv6');
      const { statsd, log } = makeClient({ transport: new UDPTransport({ host }), interval: Infinity });
      const details = new Set<string>();
      const look = (): void => void details.add(statsd.stats().transport.detail);
      for (let round = 0; round < 3; round++) {
        statsd.increment('hits');
        const flushes = [statsd.flush(), statsd.flush()];
        look(); // a flush that begins at once has found out by now
        process.nextTick(() => void flushes.push(statsd.flush()));
        setImmediate(() => void flushes.push(statsd.flush()));
        for (const flush of flushes) expect(await flush).to.deep.equal({ sent: 0, pending: round + 1 });
        look();
      }
      expect([...details]).to.deep.equal([detail]);
      expect(log.warnings).to.deep.equal([
        `afstatsd: ${detail}. Metrics stay pending, and each flush tries again`,
      ]);
    });

    for (const format of ['', '?format=etsy']) {
      it(`to ${what} says why at the end of a process${format && ', with a format'}`, async function () {
        if (ipv6) need(this, 'IPv6');
        const program = run(`udp://${address}:${PORT}${format}`, { way: 'calls process.exit' });
        const { code, stderr } = await program.ended();
        expect(code).to.equal(3);
        expect(stderr).to.equal(
          `StatsdWarning: afstatsd: the process ends with 3 samples that nobody took: ${detail}\n`,
        );
      });
    }
  }
});
