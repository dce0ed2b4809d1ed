import { expect } from 'chai';
import { describe, it } from 'mocha';
import { ConfigError, loadConfig } from '../../src/config/load.js';
import { readGraphiteUrl, readHttpUrl, shownUrl } from '../../src/config/store-url.js';

describe('the URL of a store', () => {
  it('keeps its own parameters, and gives those after # to the collector', () => {
    const { address, own, login } = readHttpUrl('https://vm:8428/write?db=shop&extra_label=a%3Db#headers=VM');
    expect(address.href).to.equal('https://vm:8428/write?db=shop&extra_label=a%3Db');
    expect([...own]).to.deep.equal([['headers', 'VM']]);
    expect(login).to.equal(undefined);
  });

  it('is shown without whatever may be a secret', () => {
    const { address, shown, login } = readHttpUrl(
      'http://ann:se%40cret@db:8086/write?db=shop&u=ann&p=secret&token=secret#headers=VM',
    );
    expect(shown).to.equal('http://db:8086/write?db=shop');
    expect(login).to.equal('ann:se@cret');
    expect(address.href).not.to.include('se%40cret');
  });

  it('is never shown by an error', () => {
    for (const url of ['htp://ann:secret@db', 'http://ann:secret@db:port', 'http://ann:secret%zz@db']) {
      expect(() => loadConfig(['--influx', url], {}))
        .to.throw(ConfigError, 'because it may hold a secret')
        .with.property('message')
        .that.does.not.include('ann');
    }
  });

  it('has the port of carbon unless it says another one', () => {
    expect(readGraphiteUrl('tcp://carbon?prefix=a.b').address.port).to.equal('2003');
    const { address, shown, own } = readGraphiteUrl('tls://[::1]:2004?tags=fold&prefix=');
    expect(address.hostname).to.equal('[::1]');
    expect(shown).to.equal('tls://[::1]:2004');
    expect([...own]).to.deep.equal([
      ['tags', 'fold'],
      ['prefix', ''],
    ]);
  });
});

describe('the URL of a StatsD server or of an OpenTelemetry receiver', () => {
  const shown: Record<string, string> = {
    'udp://127.0.0.1:8125?format=dogstatsd&timer=distribution': 'udp://127.0.0.1:8125?format=dogstatsd',
    'udp://ann:secret@[::1]:8125': 'udp://[::1]:8125',
    'unix:///run/dsd.socket?format=dogstatsd': 'unix:///run/dsd.socket?format=dogstatsd',
    'https://ann:secret@otel.example.com:4318/v1/metrics?token=secret#secret':
      'https://otel.example.com:4318/v1/metrics',
  };
  for (const [url, text] of Object.entries(shown)) {
    it(`is shown as ${text}`, () => expect(shownUrl(url)).to.equal(text));
  }

  it('is never shown by an error', () => {
    for (const args of [
      ['--otlp', 'htp://ann:secret@otel'],
      ['--forward', 'tcp://ann:secret@statsd'],
      ['--forward', 'udp://ann:secret@statsd?format=secret'],
    ]) {
      expect(() => loadConfig(args, {}))
        .to.throw(ConfigError, 'because it may hold a secret')
        .with.property('message')
        .that.does.not.include('ann');
    }
  });
});
