import {
  ETSY,
  type Recorded,
  type TestQueue,
  Totals,
  freePort,
  until,
  useClients,
  useQueues,
  useServer,
} from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { AFTransport, UDPTransport } from '../../../src/index.js';
import { flushTo } from '../../support/flush-to.js';

/** Once UDP has been chosen, the queue isn't tried again at once. */
async function untilItIsTriedAgain(): Promise<void> {
  const then = performance.now() + 5;
  await until('the queue is tried again', () => performance.now() > then);
}

const readAll = (queue: TestQueue): Totals => Totals.of(queue.readAll().map(({ text }) => text));

describe("AFTransport's fallback", () => {
  const makeClient = useClients();
  const queues = useQueues();
  const startEtsy = useServer(ETSY);
  const makeSender = (queue: string, port: number): Recorded =>
    makeClient({ transport: new AFTransport({ queue, fallback: new UDPTransport({ port }) }) });

  it('takes over within one flush while there is no queue, in its own format', async () => {
    const server = await startEtsy();
    const { statsd, log } = makeSender(queues.newName(), server.port);
    for (let i = 1; i <= 100; i++) {
      statsd.increment('hits');
      statsd.timing('wait', i);
      statsd.gauge('level', -i);
    }
    expect(await statsd.flush()).to.deep.equal({ sent: 300, pending: 0 });
    const { counters, gauges, timers } = await flushTo(server, statsd);
    expect(counters.get('hits')).to.equal(100);
    expect(gauges.get('level')).to.equal(-100);
    expect(timers.get('wait')).to.deep.equal({ count: 100, sum: 5050 });
    expect(log.warnings).to.deep.equal([]);
    expect(log.infos).to.have.lengthOf(1);
    expect(log.infos[0]).to.include(`sending to udp 127.0.0.1:${server.port} (etsy)`).and.include('ENOENT');
  });

  it('gives way to a queue at the next flush, and takes over again when it goes: nothing twice, nothing lost', async () => {
    const server = await startEtsy();
    const name = queues.newName();
    const { statsd, log } = makeSender(name, server.port);
    const queued = { hits: 0, level: 0 };
    const rounds = 4;
    for (let round = 1; round <= rounds; round++) {
      statsd.updateStats('hits', round);
      statsd.gauge('level', round);
      expect(await statsd.flush()).to.deep.equal({ sent: 2, pending: 0 });

      const queue = queues.make({ name });
      await untilItIsTriedAgain();
      statsd.updateStats('hits', 100 * round);
      statsd.gauge('level', 100 * round);
      expect(await statsd.flush()).to.deep.equal({ sent: 2, pending: 0 });
      const { counters, gauges } = readAll(queue);
      queued.hits += counters.get('hits')!;
      expect(gauges.get('level')).to.equal(100 * round);
      queue.unlink();
    }
    expect(queued.hits).to.equal(1_000);
    const { counters, gauges } = await flushTo(server, statsd);
    expect(counters.get('hits')).to.equal(10);
    expect(gauges.get('level')).to.equal(rounds);
    const { recorded, sent, transport } = statsd.stats();
    expect(sent).to.equal(recorded);
    expect(transport).to.include({ messages: 2 * rounds + 2, refusedDatagrams: 0 });

    // One line a change: to UDP, to the queue, and in the end to UDP once more.
    expect(log.warnings).to.deep.equal([]);
    expect(log.infos.map((line) => /sending to (udp|queue)/.exec(line)?.[1])).to.deep.equal([
      ...Array.from({ length: rounds }, () => ['udp', 'queue']).flat(),
      'udp',
    ]);
  });

  it('keeps everything pending while neither is there, and sends it once the server is', async () => {
    const port = await freePort();
    const { statsd, log } = makeSender(queues.newName(), port);
    for (let flush = 1; flush <= 4; flush++) {
      statsd.increment('hits');
      statsd.timing('wait', 5);
      expect(await statsd.flush()).to.deep.equal({ sent: 0, pending: 2 * flush });
    }
    expect(log.infos).to.deep.equal([]);
    expect(log.warnings, log.warnings.join('\n')).to.have.lengthOf(1);
    expect(log.warnings[0]).to.include('ENOENT').and.include('ECONNREFUSED').and.include(`:${port}`);

    const server = await startEtsy({ port });
    const { counters, timers } = await flushTo(server, statsd);
    expect(counters.get('hits')).to.equal(4);
    expect(timers.get('wait')).to.deep.equal({ count: 4, sum: 20 });
    expect(statsd.stats().transport.refusedDatagrams).to.equal(0);
    expect(log.warnings).to.have.lengthOf(1);
    expect(log.infos).to.have.lengthOf(1);
  });

  it('keeps everything pending while neither is there, and sends it once the queue is', async () => {
    const name = queues.newName();
    const { statsd, log } = makeSender(name, await freePort());
    for (let flush = 1; flush <= 4; flush++) {
      statsd.increment('hits');
      expect(await statsd.flush()).to.deep.equal({ sent: 0, pending: flush });
    }
    const queue = queues.make({ name });
    await untilItIsTriedAgain();
    expect(await statsd.flush()).to.deep.equal({ sent: 4, pending: 0 });
    expect(readAll(queue).counters).to.deep.equal(new Map([['hits', 4]]));
    expect(log.warnings).to.have.lengthOf(1);
    expect(log.infos).to.have.lengthOf(1);
    expect(log.infos[0]).to.include(`sending to queue ${name}`);
  });

  it('is not used where it is false', async () => {
    const name = queues.newName();
    const { statsd, log } = makeClient({ transport: new AFTransport({ queue: name, fallback: false }) });
    statsd.increment('hits');
    expect(await statsd.flush()).to.deep.equal({ sent: 0, pending: 1 });
    const queue = queues.make({ name });
    expect(await statsd.flush()).to.deep.equal({ sent: 1, pending: 0 });
    expect(readAll(queue).counters.get('hits')).to.equal(1);
    expect([log.warnings.length, log.infos.length]).to.deep.equal([1, 1]);
  });

  it('is worth a warning when a queue is there and can not be used, but not when there is none', async () => {
    const queue = queues.make();
    const { statsd, log, memory } = makeClient();
    const use = async (trustedUids?: number[]): Promise<void> => {
      const options = trustedUids === undefined ? {} : { trustedUids };
      statsd.setTransport(new AFTransport({ queue: queue.name, fallback: memory, ...options }));
      statsd.increment('hits');
      await statsd.flush();
    };
    await use([process.getuid!() + 1]);
    expect(log.warnings).to.have.length(1);
    expect(log.warnings[0]).to.contain('trustedUids').and.contain('kept in memory');
    queue.unlink();
    await use();
    expect(log.warnings).to.have.length(1);
    expect(memory.messages).to.deep.equal(['hits:1|c', 'hits:1|c']);
  });
});
