import { describeEachServer, freePort, until, useClients, useReceivers } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import {
  type StatsdClient,
  type StatsdFormat,
  type StatsdOptions,
  UDPTransport,
  probeAnswer,
} from '../../../src/index.js';
import { flushTo } from '../../support/flush-to.js';

const ANSWER = probeAnswer(1_000);
const TAGGED = 'orders:1|c|#method:card';
const FOLDED = 'orders.card:1|c';

/** Clients that say nothing of themselves, so that their messages are those of the test. */
function useSilentClients(): (options: StatsdOptions) => ReturnType<ReturnType<typeof useClients>> {
  const makeClient = useClients();
  return (options) => makeClient({ telemetry: false, ...options });
}

const record = (statsd: StatsdClient): void => statsd.increment('orders', { tags: { method: 'card' } });

async function flush(statsd: StatsdClient): Promise<void> {
  record(statsd);
  expect(await statsd.flush()).to.deep.equal({ sent: 1, pending: 0 });
}

describe('UDP without a format', () => {
  const makeClient = useSilentClients();
  const receivers = useReceivers();

  it('has tags from the first flush on where the receiver answers as the collector does', async () => {
    const receiver = await receivers.udp({ answer: ANSWER });
    const { statsd } = makeClient({ transport: new UDPTransport({ port: receiver.port }) });
    await flush(statsd);
    await until('it has arrived', () => receiver.messages.length === 1);
    expect(receiver.messages).to.deep.equal([TAGGED]);
    expect(statsd.stats().transport.detail).to.equal(`udp 127.0.0.1:${receiver.port} (dogstatsd)`);
  });

  for (const [what, answer] of [
    ['nothing', undefined],
    ['what it was sent', ''],
    ['another line', 'hello\n'],
    ['the line without its end', 'afstatsd 1 every=1000'],
    ['the line of another version', 'afstatsd 2 every=1000\n'],
  ] as const) {
    it(`folds them where the answer is ${what}`, async () => {
      const receiver = await receivers.udp({ answer: ANSWER });
      receiver.answer = answer;
      const { statsd } = makeClient({ transport: new UDPTransport({ port: receiver.port }) });
      await flush(statsd);
      await until('it has arrived', () => receiver.messages.length === 1);
      expect(receiver.messages).to.deep.equal([FOLDED]);
      expect(statsd.stats().transport.detail).to.equal(`udp 127.0.0.1:${receiver.port} (etsy)`);
    });
  }

  it('folds them where the answer takes too long, and has them once it has come', async () => {
    const receiver = await receivers.udp({ answer: ANSWER });
    receiver.answer = undefined;
    const transport = new UDPTransport({ port: receiver.port });
    const { statsd } = makeClient({ transport });
    await flush(statsd);
    receiver.answer = probeAnswer(1_000);
    await until('it is asked again, and answers', () => transport.interval() >= 0 && receiver.probes === 2);
    await until('the answer is heard', () => {
      transport.open();
      return !transport.foldsTags;
    });
    await flush(statsd);
    await until('both have arrived', () => receiver.messages.length === 2);
    expect(receiver.messages).to.deep.equal([FOLDED, TAGGED]);
  });

  it('says of each message whether tags are folded in it, so that the warning of equal names is right', async () => {
    for (const [answer, warnings] of [
      [probeAnswer(1_000), 0],
      [undefined, 1],
    ] as const) {
      const receiver = await receivers.udp({ answer: ANSWER });
      receiver.answer = answer;
      const { statsd, log } = makeClient({ transport: new UDPTransport({ port: receiver.port }) });
      statsd.gauge('level', 1, { tags: { a: 'v' } });
      statsd.gauge('level', 2, { tags: { b: 'v' } });
      await statsd.flush();
      expect(log.warnings, log.warnings.join('\n')).to.have.lengthOf(warnings);
    }
  });

  it('sends at most two flushes with tags to a receiver of another kind that has taken the place, and tags to ours again', async () => {
    const first = await receivers.udp({ answer: ANSWER });
    const { port } = first;
    const { statsd } = makeClient({ transport: new UDPTransport({ port }), interval: 1_000 });
    const recorder = setInterval(() => record(statsd), 100);
    try {
      await until('ours has some', () => first.messages.length >= 2);
      expect(new Set(first.messages.map(kind))).to.deep.equal(new Set(['tags']));
      // Between two flushes, so that nothing is refused.
      first.close();
      const other = await receivers.udp({ port, answer: ANSWER });
      other.answer = undefined;
      // A flush asks first, if it comes 900 ms after the last ask.
      await until('the other one was asked three times', () => other.probes >= 3);
      const before = other.messages.length;
      await until('the other one has more', () => other.messages.length >= before + 3);
      const later = other.messages.slice(before).map(kind);
      expect(later).to.deep.equal(later.map(() => 'folded'));
      other.close();
      const back = await receivers.udp({ port, answer: ANSWER });
      await until('ours has some again', () => back.messages.length >= 4);
      expect(back.messages.slice(1).map(kind)).to.deep.equal(['tags', 'tags', 'tags']);
      expect(statsd.stats().transport.refusedDatagrams).to.equal(0);
    } finally {
      clearInterval(recorder);
    }
  });

  it('folds them after a refusal until somebody answers', async () => {
    const first = await receivers.udp({ answer: ANSWER });
    const { port } = first;
    const transport = new UDPTransport({ port });
    const { statsd } = makeClient({ transport });
    await flush(statsd);
    first.close();
    await until('nothing leaves any more', () => {
      record(statsd); // what came before it was closed may have been taken
      void statsd.flush();
      return statsd.stats().transport.state === 'unavailable';
    });
    expect(transport.interval()).to.equal(1_000);
    const other = await receivers.udp({ port, answer: ANSWER });
    other.answer = undefined;
    record(statsd);
    await until('it has arrived', () => {
      void statsd.flush();
      return other.messages.length > 0;
    });
    expect(new Set(other.messages.map(kind))).to.deep.equal(new Set(['folded']));
  });

  it('loses nothing to a receiver that has ended since the last flush, if that was a second ago', async () => {
    const receiver = await receivers.udp({ answer: ANSWER });
    const transport = new UDPTransport({ port: receiver.port });
    const { statsd } = makeClient({ transport });
    await flush(statsd);
    receiver.close();
    const later = performance.now() + 1_000;
    await until('it is time to ask again', () => performance.now() > later);
    record(statsd);
    expect(await statsd.flush()).to.deep.equal({ sent: 0, pending: 1 });
    expect(statsd.stats().transport.refusedDatagrams).to.equal(0);
  });
});

const kind = (message: string): string => (message.includes('|#') ? 'tags' : 'folded');

describe('UDP with a format', () => {
  const makeClient = useSilentClients();
  const receivers = useReceivers();

  for (const [format, line] of Object.entries({
    etsy: FOLDED,
    dogstatsd: TAGGED,
    influx: 'orders,method=card:1|c',
    graphite: 'orders;method=card:1|c',
  })) {
    it(`keeps ${format}, whatever the answer, and sends as often as it says`, async () => {
      const receiver = await receivers.udp({ answer: ANSWER });
      receiver.answer = probeAnswer(5_000);
      const transport = new UDPTransport({ port: receiver.port, format: format as StatsdFormat });
      const { statsd } = makeClient({ transport });
      await flush(statsd);
      await until('it has arrived', () => receiver.messages.length === 1);
      expect(receiver.messages).to.deep.equal([line]);
      await until('the answer is heard', () => transport.interval() === 5_000);
    });
  }

  it('asks a receiver that has never answered only once', async () => {
    const receiver = await receivers.udp({ answer: ANSWER });
    receiver.answer = undefined;
    const transport = new UDPTransport({ port: receiver.port, format: 'dogstatsd' });
    const { statsd } = makeClient({ transport });
    await flush(statsd);
    const later = performance.now() + 1_500;
    await until('it would be time to ask', () => {
      transport.interval();
      return performance.now() > later;
    });
    await flush(statsd);
    await until('both have arrived', () => receiver.messages.length === 2);
    expect(receiver.probes).to.equal(1);
  });
});

describe('the interval that suits a receiver on UDP', () => {
  const receivers = useReceivers();
  it('is a second until it says otherwise, and again when it no longer does', async () => {
    const receiver = await receivers.udp({ answer: ANSWER });
    receiver.answer = probeAnswer(7_000);
    const transport = new UDPTransport({ port: receiver.port });
    expect(transport.interval()).to.equal(1_000);
    await until('the answer is heard', () => transport.interval() === 7_000);
    receiver.answer = probeAnswer(2_000);
    await until('a change is heard', () => transport.interval() === 2_000);
    receiver.answer = undefined;
    await until('nothing is heard any more', () => transport.interval() === 1_000);
    transport.close();
  });

  it('is asked for no more than once in 900 ms', async () => {
    const receiver = await receivers.udp({ answer: ANSWER });
    const transport = new UDPTransport({ port: receiver.port });
    const began = performance.now();
    await until('it was asked twice', () => transport.interval() > 0 && receiver.probes === 2);
    expect(performance.now() - began).to.be.at.least(890);
    transport.close();
  });

  it('is a second where nobody listens, and nothing comes of asking', async () => {
    const transport = new UDPTransport({ port: await freePort() });
    expect(transport.interval()).to.equal(1_000);
    await until('it is refused', () => transport.stats().state === 'unavailable');
    expect(transport.interval()).to.equal(1_000);
    transport.close();
  });
});

describeEachServer('is sent no tags by UDP without a format:', (start, itAtEach) => {
  const makeClient = useSilentClients();

  itAtEach('it reads names that have them, and all counts are right', async () => {
    const server = await start();
    const { statsd, log } = makeClient({ transport: new UDPTransport({ port: server.port }) });
    for (let i = 0; i < 3; i++) {
      record(statsd);
      await flushTo(server, statsd);
    }
    const { counters } = await flushTo(server, statsd);
    expect([...counters].filter(([name]) => name.startsWith('orders'))).to.deep.equal([['orders.card', 3]]);
    expect(log.warnings).to.deep.equal([]);
  });
});
