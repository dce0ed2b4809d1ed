import { Totals, until, useClients, useQueues } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { AFTransport } from '../../../src/index.js';
import { readUntilFlushed } from '../../support/read-until-flushed.js';

describe("AFTransport's queue", () => {
  const makeClient = useClients();
  const { make: makeQueue } = useQueues();

  it('that a restarted collector has made anew is found', async () => {
    const old = makeQueue();
    const { statsd } = makeClient({ transport: `mq://${old.name}?fallback=false` });
    statsd.increment('before');
    await statsd.flush();
    expect(old.readAll().map(({ text }) => text)).to.deep.equal(['before:1|c']);
    old.unlink();
    const restarted = makeQueue({ name: old.name });
    statsd.increment('after');
    await statsd.flush();
    expect(restarted.readAll().map(({ text }) => text)).to.deep.equal(['after:1|c']);
    expect(old.readAll()).to.deep.equal([]);
  });

  it('that is made anew is found also while a flush waits for room in the old one', async () => {
    const old = makeQueue();
    old.fill();
    const { statsd } = makeClient({ transport: `mq://${old.name}?fallback=false` });
    for (let i = 0; i < 1000; i++) statsd.increment(`a.counter.with.some.name.${i}`);
    const flushed = statsd.flush({ timeout: 60_000 });
    await until('the flush has met the full queue', () => statsd.stats().transport.full > 2);
    old.unlink();
    const restarted = makeQueue({ name: old.name });
    const arrived = new Totals();
    await readUntilFlushed(restarted, arrived, flushed);
    expect(await flushed).to.deep.equal({ sent: 1000, pending: 0 });
    expect(arrived.counters.size).to.equal(1000);
    expect(old.readAll()).to.deep.equal([]);
  });

  it('that goes away during a flush leaves the rest pending, and the next flush sends it', async () => {
    const old = makeQueue();
    old.fill();
    const { statsd } = makeClient({ transport: `mq://${old.name}?fallback=false` });
    statsd.increment('hits');
    const flushed = statsd.flush({ timeout: 60_000 });
    await until('the flush has met the full queue', () => statsd.stats().transport.full > 0);
    old.unlink();
    expect(await flushed).to.deep.equal({ sent: 0, pending: 1 });
    const restarted = makeQueue({ name: old.name });
    statsd.increment('hits');
    await statsd.flush();
    expect(restarted.readAll().map(({ text }) => text)).to.deep.equal(['hits:2|c']);
  });

  it('whose messages are too small for a metric has it dropped, and counted, and gets the rest', async () => {
    const queue = makeQueue({ messageBytes: 30 });
    const { statsd, log } = makeClient({ transport: `mq://${queue.name}?fallback=false` });
    statsd.increment('a.name.that.is.longer.than.the.messages');
    statsd.increment('short');
    statsd.timing('another.name.that.is.far.too.long', 5);
    expect(await statsd.flush()).to.deep.equal({ sent: 1, pending: 0 });
    expect(queue.readAll().map(({ text }) => text)).to.deep.equal(['short:1|c']);
    expect(statsd.stats()).to.deep.include({
      recorded: 3,
      sent: 1,
      dropped: { cardinality: 0, ended: 0, oversize: 2 },
    });
    expect(log.warnings).to.have.length(1);
  });

  it('of a user who is not trusted is left alone', async () => {
    const queue = makeQueue();
    const uid = process.getuid!();
    const { statsd, log } = makeClient({
      transport: new AFTransport({ queue: queue.name, fallback: false, trustedUids: [uid + 1] }),
    });
    statsd.increment('hits');
    expect(await statsd.flush()).to.deep.equal({ sent: 0, pending: 1 });
    expect(log.warnings.join()).to.contain(`user ${uid}`).and.contain('trustedUids');
    statsd.setTransport(new AFTransport({ queue: queue.name, fallback: false, trustedUids: [uid] }));
    expect(await statsd.flush()).to.deep.equal({ sent: 1, pending: 0 });
  });
});
