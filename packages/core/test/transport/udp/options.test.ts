import { need, until, useClients, useReceivers } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { UDPTransport, type UDPTransportOptions } from '../../../src/index.js';

describe('options of UDPTransport', () => {
  const makeClient = useClients();
  const receivers = useReceivers();
  const BAD: ReadonlyArray<readonly [options: unknown, names: string]> = [
    [{ port: 0 }, 'port must be an integer from 1 to 65,535; it is 0'],
    [{ port: 70_000 }, 'port must be an integer from 1 to 65,535; it is 70000'],
    [{ port: 8125.5 }, 'port must be an integer from 1 to 65,535; it is 8125.5'],
    [{ port: '8125' }, 'port must be an integer from 1 to 65,535; it is "8125"'],
    [{ host: '' }, 'host must be a host name or an IP address; it is ""'],
    [{ host: 'a host' }, 'host must be a host name or an IP address; it is "a host"'],
    [{ host: 'udp://host' }, 'host must be a host name or an IP address; it is "udp://host"'],
    [{ host: 'a%20host' }, 'host must be a host name or an IP address; it is "a%20host"'],
    [{ host: '127.0.0.1:8125' }, 'host must be a host name or an IP address; it is "127.0.0.1:8125"'],
    [{ host: 7 }, 'host must be a host name or an IP address; it is 7'],
    [{ format: 'af' }, 'format must be one of etsy, dogstatsd, influx, graphite; it is "af"'],
    [
      { timer: 'distribution' },
      'timer can be "distribution" in the dogstatsd format only; the format is "etsy"',
    ],
    [{ timer: 'ms', format: 'dogstatsd' }, 'timer must be one of timer, histogram, distribution; it is "ms"'],
    [{ timerRate: 'no' }, 'timerRate must be true or false; it is "no"'],
    [{ maxMessageBytes: 0 }, 'maxMessageBytes must be an integer from 1 to 65,507; it is 0'],
    [{ maxMessageBytes: 65_508 }, 'maxMessageBytes must be an integer from 1 to 65,507; it is 65508'],
    [{ hots: 'x' }, 'unknown option "hots"'],
  ];

  for (const [options, message] of BAD) {
    it(`${JSON.stringify(options)} are refused: ${message}`, () => {
      expect(() => new UDPTransport(options as UDPTransportOptions)).to.throw(TypeError, message);
    });
  }

  const BAD_URLS: ReadonlyArray<readonly [url: string, names: string]> = [
    ['udp://127.0.0.1:0', 'port must be an integer from 1 to 65,535; it is 0'],
    ['udp://127.0.0.1:70000', "a transport's URL is"],
    ['udp://a host:8125', "a transport's URL is"],
    ['udp://a%20host:8125', 'host must be a host name or an IP address; it is "a%20host"'],
    ['udp://', 'host must be a host name or an IP address; it is ""'],
    ['udp://[::1', "a transport's URL is"],
    ['udp://127.0.0.1?format=af', 'format must be one of etsy, dogstatsd, influx, graphite; it is "af"'],
    ['udp://127.0.0.1?timer=distribution', 'timer can be "distribution" in the dogstatsd format only'],
    ['udp://127.0.0.1?timerRate=maybe', 'timerRate must be true or false; it is "maybe"'],
    ['udp://127.0.0.1?maxMessageBytes=1e9', 'maxMessageBytes must be an integer from 1 to 65,507'],
    ['udp://127.0.0.1?maxMessageBytes=', 'maxMessageBytes must be an integer from 1 to 65,507; it is 0'],
    ['udp://127.0.0.1?fromat=etsy', 'the URL has an unknown option "fromat"'],
  ];

  for (const [url, message] of BAD_URLS) {
    it(`as the URL ${url} are refused, and what was configured stays: ${message}`, async () => {
      const { statsd, sent } = makeClient();
      // The message names the option, the URL as it was given, and what is wrong with it.
      expect(() => statsd.configure({ transport: url }))
        .to.throw(TypeError)
        .with.property('message')
        .that.includes('option transport')
        .and.includes(JSON.stringify(url))
        .and.includes(message);
      statsd.increment('hits');
      expect(await sent()).to.deep.equal(['hits:1|c']);
    });
  }

  it('can be an IPv6 address in brackets', async function () {
    need(this, 'IPv6');
    const receiver = await receivers.udp({ address: '::1' });
    const { statsd } = makeClient({ transport: `udp://[::1]:${receiver.port}` });
    statsd.increment('hits');
    expect(await statsd.flush()).to.deep.equal({ sent: 1, pending: 0 });
    await until('it has arrived', () => receiver.messages.length > 0);
    expect(receiver.messages).to.deep.equal(['hits:1|c']);
    expect(statsd.stats().transport.detail).to.equal(`udp [::1]:${receiver.port} (etsy)`);
  });

  it('can be changed while the client works: what is pending goes to the new address', async () => {
    const [first, second] = [await receivers.udp(), await receivers.udp()];
    const { statsd } = makeClient({ transport: `udp://127.0.0.1:${first.port}` });
    statsd.increment('first');
    await statsd.flush();
    statsd.increment('second');
    statsd.configure({ transport: `udp://127.0.0.1:${second.port}?format=dogstatsd` });
    await statsd.flush();
    await until('both have arrived', () => first.messages.length + second.messages.length === 2);
    expect(first.messages).to.deep.equal(['first:1|c']);
    expect(second.messages).to.deep.equal(['second:1|c']);
  });

  it('have defaults: 127.0.0.1, port 8125, the etsy format', () => {
    expect(new UDPTransport().stats().detail).to.equal('udp 127.0.0.1:8125 (etsy)');
  });
});
