import { openQueue } from '@afstatsd/mqueue';
import { until, useCleanup, useClients, useQueues, useReceivers } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import {
  AFTransport,
  MemoryTransport,
  type Transport,
  UDPTransport,
  probeAnswer,
  teeTransports,
} from '../../src/index.js';

describe('the 0 of counters that the app holds', () => {
  const queues = useQueues();
  const receivers = useReceivers();
  const newClient = useClients();
  const later = useCleanup();

  /** A queue with the mark of a collector that listens, unless it is another's. */
  const queue = ({ depth = 10, marked = true } = {}) => {
    const made = queues.make({ depth });
    const collector = openQueue(made.name, { access: 'read' });
    later(() => collector.close());
    if (marked) collector.setMark(5_000);
    return { made, collector, texts: () => made.readAll().map(({ text }) => text) };
  };
  const client = (transport: Transport, options = {}) =>
    newClient({ transport, telemetry: false, ...options }).statsd;
  const toQueue = (name: string) => client(new AFTransport({ queue: name, fallback: false }));

  it('goes to the collector once, after the samples of a flush', async () => {
    const { made, texts } = queue();
    const statsd = toQueue(made.name);
    statsd.createCounter('payment.failed');
    statsd.createCounter('orders', { tags: { method: 'card' } });
    const paid = statsd.createCounter('paid');
    statsd.createCounter('payment.failed'); // the same one
    statsd.child({ prefix: 'child' }).createCounter('a');
    await statsd.flush();
    expect(texts(), 'nothing was recorded yet').to.deep.equal([]);
    paid.increment(3);
    await statsd.flush();
    expect(texts()).to.deep.equal(['paid:3|c::payment.failed:0|c\norders:0|c|#method:card\nchild.a:0|c']);
    paid.increment();
    statsd.createCounter('late');
    await statsd.flush();
    expect(texts()).to.deep.equal(['paid:1|c::late:0|c']);
    paid.increment();
    await statsd.flush();
    expect(texts()).to.deep.equal(['paid:1|c']);
    expect(statsd.stats()).to.include({ recorded: 3, sent: 3, pending: 0, rejected: 0 });
  });

  it("doesn't go to a receiver that isn't known to be the collector", async () => {
    const etsy = await receivers.udp();
    const foreign = queue({ marked: false });
    const memory = new MemoryTransport();
    const transports = [
      new UDPTransport({ port: etsy.port }),
      new UDPTransport({ port: etsy.port, format: 'dogstatsd' }),
      new AFTransport({ queue: foreign.made.name }),
      memory,
      teeTransports(new AFTransport({ queue: queue().made.name }), new MemoryTransport()),
    ];
    for (const transport of transports) {
      const statsd = client(transport);
      statsd.createCounter('payment.failed');
      statsd.increment('hits');
      expect(await statsd.flush()).to.deep.equal({ sent: 1, pending: 0 });
    }
    await etsy.readAll();
    expect([...etsy.lines, ...foreign.texts(), ...memory.messages]).to.deep.equal(Array(4).fill('hits:1|c'));
  });

  it('goes to a collector that is known by its answer to a probe, again after nobody was there', async () => {
    let collector = await receivers.udp({ answer: probeAnswer(5_000) });
    const { port } = collector;
    const statsd = client(new UDPTransport({ port }), { logger: { warn: () => {} } });
    statsd.createCounter('payment.failed');
    const flush = async () => {
      statsd.increment('hits');
      return statsd.flush();
    };
    await flush();
    await collector.readAll();
    expect(collector.lines).to.deep.equal(['hits:1|c', 'payment.failed:0|c']);
    collector.close();
    while ((await flush()).pending === 0);
    collector = await receivers.udp({ port, answer: probeAnswer(5_000) });
    while ((await flush()).pending > 0);
    await collector.readAll();
    expect(collector.lines.filter((line) => line === 'payment.failed:0|c')).to.have.length(1);
  });

  it('goes to the queue that a collector has made anew, too', async () => {
    const first = queue();
    const statsd = toQueue(first.made.name);
    const failed = statsd.createCounter('payment.failed');
    statsd.increment('hits');
    await statsd.flush();
    const { name } = first.made;
    first.made.remove();
    const made = queues.make({ name });
    const collector = queues.open(name, { access: 'read' });
    collector.setMark(5_000);
    statsd.increment('hits');
    await statsd.flush();
    expect(made.readAll().map(({ text }) => text)).to.deep.equal(['hits:1|c::payment.failed:0|c']);
    failed.increment();
    await statsd.flush();
    expect(made.readAll().map(({ text }) => text)).to.deep.equal(['payment.failed:1|c']);
  });

  it('holds up nothing: without room it goes later, and a counter that counts meanwhile is sent as it is', async () => {
    const { made, texts } = queue({ depth: 1 });
    const maxMessageBytes = 28; // for two of them
    const statsd = client(new AFTransport({ queue: made.name, fallback: false, maxMessageBytes }));
    const failed = statsd.createCounter('payment.failed');
    statsd.createCounter('other');
    statsd.increment('hits');
    expect(await statsd.flush({ timeout: 20 })).to.deep.equal({ sent: 1, pending: 0 });
    expect(texts()).to.deep.equal(['hits:1|c::payment.failed:0|c']);
    failed.increment();
    const arrived: string[] = [];
    void statsd.flush();
    await until('both have come', () => arrived.push(...texts()) === 2);
    expect(arrived).to.deep.equal(['other:0|c', 'payment.failed:1|c']);
    expect(statsd.stats()).to.include({ recorded: 2, sent: 2, pending: 0 });
  });
});
