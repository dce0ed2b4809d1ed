import { createSocket } from 'node:dgram';
import { describeEachServer, useClients } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { UDPTransport, decode, probeAnswer } from '../../src/index.js';
import { boundedInterval, readProbeAnswer } from '../../src/wire/client-interval.js';
import { flushTo } from '../support/flush-to.js';

describe('the answer to a probe', () => {
  it('has these bytes, and is read as what was written', () => {
    expect(Buffer.from(probeAnswer(5_000)).toString('hex')).to.equal(
      '616673746174736420312065766572793d353030300a',
    );
    for (const ms of [1_000, 1_001, 7_500, 20_000]) expect(readProbeAnswer(probeAnswer(ms))).to.equal(ms);
  });

  it('is no metric', () => {
    expect(decode(probeAnswer(5_000)).metrics).to.deep.equal([]);
  });

  for (const [asked, heard] of [
    [0, 1_000],
    [-5, 1_000],
    [999.6, 1_000],
    [1_500.4, 1_500],
    [20_001, 20_000],
    [Infinity, 20_000],
  ] as const) {
    it(`asks for ${heard} ms where ${asked} is meant`, () => {
      expect(boundedInterval(asked)).to.equal(heard);
      expect(readProbeAnswer(probeAnswer(asked))).to.equal(heard);
    });
  }

  for (const [text, every] of [
    ['afstatsd 1 every=1000 page=yes host=10.0.0.1:8125\n', 1_000],
    ['afstatsd 1 every=0\n', 1_000],
    ['afstatsd 1 every=9999999999\n', 20_000],
  ] as const) {
    it(`is ${JSON.stringify(text)}, too`, () => {
      expect(readProbeAnswer(Buffer.from(text))).to.equal(every);
    });
  }

  for (const text of [
    '',
    '\n',
    'afstatsd 1 every=1000',
    'afstatsd 1 every=1000\n\n',
    'afstatsd 1 every=1000\0',
    'afstatsd 1 every=\n',
    'afstatsd 1 every=1e3\n',
    'afstatsd 1 every=-1\n',
    'afstatsd 1 every=99999999999\n',
    'afstatsd 2 every=1000\n',
    'afstatsd 1 every=1000  a=b\n',
    'afstatsd 1 every=1000 a=\u0001\n',
    'afstatsd 1\n',
    'Afstatsd 1 every=1000\n',
    ' afstatsd 1 every=1000\n',
    'hits:1|c\nafstatsd 1 every=1000\n',
    'afstatsd 1 every=1000\nhits:1|c\n',
    `afstatsd 1 every=1000 ${Array.from({ length: 60 }, () => 'a=b').join(' ')}\n`,
  ]) {
    it(`isn't ${JSON.stringify(text.slice(0, 60))}`, () => {
      expect(readProbeAnswer(Buffer.from(text))).to.equal(undefined);
    });
  }
});

describeEachServer('that gets the answer to a probe by mistake', (start, itAtEach) => {
  const makeClient = useClients();

  itAtEach('reads what comes after it, and makes no counter of it', async () => {
    const server = await start();
    const socket = createSocket('udp4');
    const line = probeAnswer(5_000);
    await new Promise((resolve) => socket.send(line, server.port, '127.0.0.1', resolve));
    socket.close();
    const { statsd } = makeClient({ transport: new UDPTransport({ port: server.port, format: 'etsy' }) });
    statsd.increment('hits');
    const { counters } = await flushTo(server, statsd);
    expect(counters.get('hits')).to.equal(1);
    expect([...counters.keys()].filter((name) => name.startsWith('afstatsd'))).to.deep.equal([]);
  });
});
