import { type Queue, openQueue } from '@afstatsd/mqueue';
import { TestQueue, need, until, useReceivers } from '@afstatsd/testing';
import { expect } from 'chai';
import { afterEach, beforeEach, describe, it } from 'mocha';
import {
  AFTransport,
  MemoryTransport,
  NullTransport,
  type Transport,
  UDPTransport,
  UDSTransport,
  probeAnswer,
  teeTransports,
} from '../../src/index.js';

describe('the interval that suits a receiver', () => {
  const receivers = useReceivers();
  let queue: TestQueue;
  let collector: Queue;
  const transports: Transport[] = [];
  const use = <T extends Transport>(transport: T): T => {
    transports.push(transport);
    return transport;
  };
  beforeEach(() => {
    queue = new TestQueue();
    collector = openQueue(queue.name, { access: 'read' });
  });
  afterEach(() => {
    for (const transport of transports.splice(0)) transport.close();
    collector.close();
    queue.remove();
  });

  it('is not known of a queue without a mark', () => {
    expect(use(new AFTransport({ queue: queue.name })).interval()).to.equal(undefined);
  });

  it('is the mark on the queue, within 1 to 20 s, as it is now', () => {
    const transport = use(new AFTransport({ queue: queue.name }));
    for (const [mark, interval] of [
      [5_000, 5_000],
      [1_000, 1_000],
      [20_000, 20_000],
      [1, 1_000],
      [500, 1_000],
      [3_600_000, 20_000],
      [undefined, undefined],
    ] as const) {
      collector.setMark(mark);
      expect(transport.interval()).to.equal(interval);
    }
  });

  it('is not known with posix-mq, which can look at no mark', function () {
    need(this, 'posix-mq');
    collector.setMark(5_000);
    const { AFSTATSD_MQ_BINDING: before } = process.env;
    process.env['AFSTATSD_MQ_BINDING'] = 'posix-mq';
    try {
      expect(use(new AFTransport({ queue: queue.name })).interval()).to.equal(undefined);
    } finally {
      if (before === undefined) delete process.env['AFSTATSD_MQ_BINDING'];
      else process.env['AFSTATSD_MQ_BINDING'] = before;
    }
  });

  it('is not known any more once the collector has gone, and is that of the queue that it has made anew', () => {
    const transport = use(new AFTransport({ queue: queue.name }));
    collector.setMark(5_000);
    expect(transport.interval()).to.equal(5_000);
    collector.close();
    expect(transport.interval()).to.equal(undefined);
    queue.remove();
    queue = new TestQueue({ name: queue.name });
    collector = openQueue(queue.name, { access: 'read' });
    collector.setMark(3_000);
    expect(transport.interval()).to.equal(3_000);
  });

  it('is not known where there is no queue, nor a fallback', () => {
    queue.unlink();
    expect(use(new AFTransport({ queue: queue.name, fallback: false })).interval()).to.equal(undefined);
  });

  it("is the fallback's as long as there is no queue, and the queue's as soon as there is one", async () => {
    const receiver = await receivers.udp({ answer: probeAnswer(4_000) });
    const { name } = queue;
    queue.remove();
    const fallback = new UDPTransport({ port: receiver.port });
    const transport = use(new AFTransport({ queue: name, fallback }));
    expect(transport.interval()).to.equal(1_000);
    await until('the answer is heard', () => transport.interval() === 4_000);
    queue = new TestQueue({ name });
    collector.close();
    collector = openQueue(name, { access: 'read' });
    collector.setMark(6_000);
    await until('the queue is tried again', () => transport.interval() === 6_000);
  });

  it('is a second for a UNIX socket, and not known of memory and of nowhere', () => {
    expect(use(new UDSTransport({ path: '/nobody' })).interval()).to.equal(1_000);
    for (const transport of [new MemoryTransport(), new NullTransport()] as Transport[]) {
      expect(transport.interval?.()).to.equal(undefined);
    }
  });

  it('is the shorter one of the two of a tee', () => {
    const [memory, socket] = [new MemoryTransport(), new UDSTransport({ path: '/nobody' })];
    const onQueue = use(new AFTransport({ queue: queue.name }));
    collector.setMark(5_000);
    for (const [first, second, interval] of [
      [memory, memory, undefined],
      [memory, onQueue, 5_000],
      [onQueue, memory, 5_000],
      [onQueue, socket, 1_000],
      [socket, onQueue, 1_000],
    ] as const) {
      expect(teeTransports(first, second).interval?.()).to.equal(interval);
    }
  });
});
