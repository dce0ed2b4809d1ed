import { useClients } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Tags, Transport } from '../../src/index.js';

describe('bad arguments that passed for something else', () => {
  const makeClient = useClients();

  it('no transport: setTransport(undefined) throws, and the transport stays', async () => {
    const { statsd, sent } = makeClient();
    expect(() => statsd.setTransport(undefined as unknown as Transport)).to.throw(TypeError, 'undefined');
    statsd.increment('hits');
    expect(await sent()).to.deep.equal(['hits:1|c']);
  });

  it('a path taken for a host: the URL of a socket with two slashes is refused', () => {
    const { statsd } = makeClient();
    expect(() => statsd.setTransport('unix://var/run/dsd.socket')).to.throw(TypeError, 'three slashes');
  });

  it('a Map or a Date as tags, which has no properties: the call is refused', () => {
    const { statsd, log } = makeClient();
    for (const tags of [new Map([['a', 'b']]), new Date(), new Set()])
      statsd.increment('hits', { tags: tags as unknown as Tags });
    expect(statsd.stats()).to.include({ recorded: 0, rejected: 3 });
    expect(log.warnings).to.have.lengthOf(1);
    statsd.increment('hits', { tags: {} });
    statsd.increment('hits', { tags: new Map([['a', 'b']]) as unknown as Tags });
    expect(statsd.stats()).to.include({ recorded: 1, rejected: 4 });
  });
});
