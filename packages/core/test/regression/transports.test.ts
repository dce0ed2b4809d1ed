import { until, useClients } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { MemoryTransport, UDPTransport, teeTransports } from '../../src/index.js';
import { afFormat } from '../../src/wire/af.js';
import { FormatTransport } from '../support/format-transport.js';

describe('a transport whose open() returns null', () => {
  const makeClient = useClients();

  it('is not there: all stays pending, and nothing is thrown', async () => {
    class Absent extends MemoryTransport {
      override open(): never {
        return null as never;
      }
    }
    const { statsd, memory } = makeClient({ transport: new Absent() });
    statsd.increment('hits');
    expect(await statsd.flush()).to.deep.equal({ sent: 0, pending: 1 });
    statsd.setTransport(memory);
    expect(await statsd.flush()).to.deep.equal({ sent: 1, pending: 0 });
  });
});

describe('a listener that changes the transport', () => {
  const makeClient = useClients();

  it('when it is told of two gauges with one name, during a flush, loses and repeats nothing', async () => {
    const other = new MemoryTransport();
    const errors: string[] = [];
    const { statsd, memory } = makeClient({
      transport: new MemoryTransport({ tags: 'fold' }),
      onError: ({ message }) => {
        errors.push(message);
        statsd.setTransport(other);
      },
    });
    statsd.increment('orders');
    statsd.gauge('level', 1, { tags: { a: 'v' } });
    statsd.gauge('level', 2, { tags: { b: 'v' } });
    expect(await statsd.flush()).to.deep.equal({ sent: 3, pending: 0 });
    expect(errors).to.have.lengthOf(1);
    expect([...memory.messages, ...other.messages].join('::').match(/orders:1\|c/g)).to.have.lengthOf(1);
    statsd.increment('orders');
    expect(await statsd.flush()).to.deep.equal({ sent: 1, pending: 0 });
    expect(other.messages.at(-1)).to.equal('orders:1|c');
  });

  it('when it is told that nobody is there, is told once of the new one', async () => {
    const infos: string[] = [];
    const absent = new FormatTransport(afFormat());
    absent.stats = () => ({ state: 'unavailable', detail: 'nobody', messages: 0, bytes: 0, full: 0 });
    absent.otherwise = 'unavailable';
    const { statsd, memory } = makeClient({
      transport: absent,
      logger: {
        warn: () => {
          statsd.setTransport(memory);
          void statsd.flush();
        },
        info: (line) => void infos.push(line),
      },
    });
    for (let flush = 0; flush < 3; flush++) {
      statsd.increment('hits');
      await statsd.flush();
    }
    expect(infos).to.have.lengthOf(1);
    expect(infos[0]).to.contain('kept in memory');
  });
});

describe('a tee whose second transport looks up a name', () => {
  const makeClient = useClients();

  it('sends to the first one meanwhile', () => {
    const first = new MemoryTransport();
    const second = new UDPTransport({ host: 'LOCALHOST', port: 9 }); // unlike localhost, it is looked up
    const { statsd } = makeClient({ transport: teeTransports(first, second) });
    statsd.increment('hits');
    void statsd.flush();
    expect(first.messages).to.deep.equal(['hits:1|c']);
    expect(statsd.stats()).to.include({ pending: 0 });
  });
});

describe('a timer of which a part has left when the receiver goes', () => {
  const makeClient = useClients();

  it('goes on by itself when the receiver is back, without aggregation', async () => {
    const transport = new FormatTransport(afFormat(), 40);
    transport.otherwise = 'unavailable';
    const { statsd } = makeClient({ transport });
    statsd.setAggregation(false);
    for (let i = 0; i < 30; i++) statsd.timing('wait', 1000 + i);
    transport.answers = ['ok', 'unavailable'];
    transport.otherwise = 'ok';
    await until('all has left', () => statsd.stats().pending === 0);
    expect(statsd.stats()).to.include({ sent: 30 });
  });
});
