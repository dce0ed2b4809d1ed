import { expect } from 'chai';
import { QueueError, type Queue } from '../src/index.js';
import { describeEachBinding } from './support/each-binding.js';
import { useSmallQueues } from './support/small-queues.js';

describeEachBinding('messages', () => {
  const queues = useSmallQueues();

  it('arrive as they were sent', () => {
    const queue = queues.make();
    expect(queue.send(Buffer.from('hits:1|c'))).to.equal(true);
    expect(receiveText(queue)).to.equal('hits:1|c');
  });

  it('arrive by priority, and in their order within one', () => {
    const queue = queues.make();
    queue.send(Buffer.from('low'));
    queue.send(Buffer.from('high 1'), 31);
    queue.send(Buffer.from('high 2'), 31);
    queue.send(Buffer.from('middle'), 5);

    const into = new Uint8Array(64);
    const priorities = [0, 1, 2, 3].map(() => queue.receive(into)?.priority);
    expect(priorities).to.deep.equal([31, 31, 5, 0]);
    queue.send(Buffer.from('first'), 1);
    queue.send(Buffer.from('second'), 1);
    expect([receiveText(queue), receiveText(queue)]).to.deep.equal(['first', 'second']);
  });

  it('may have every byte value', () => {
    const queue = queues.make({ create: { messageBytes: 256 } });
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
    queue.send(bytes);
    const into = new Uint8Array(256);
    expect(queue.receive(into)).to.deep.equal({ bytes: 256, priority: 0 });
    expect(into).to.deep.equal(bytes);
  });

  it('may be empty', () => {
    const queue = queues.make();
    expect(queue.send(new Uint8Array(0), 3)).to.equal(true);
    expect(queue.receive(new Uint8Array(64))).to.deep.equal({ bytes: 0, priority: 3 });
  });

  it('may be a part of a larger array, and be received into one', () => {
    const queue = queues.make();
    queue.send(Buffer.from('[part]').subarray(1, 5));
    const into = new Uint8Array(80).fill(0x2e);
    queue.receive(into.subarray(8, 72));
    expect(Buffer.from(into.subarray(6, 14)).toString()).to.equal('..part..');
  });

  it('of exactly messageBytes are taken', () => {
    const queue = queues.make();
    expect(queue.send(new Uint8Array(64).fill(7))).to.equal(true);
    expect(queue.receive(new Uint8Array(64))?.bytes).to.equal(64);
  });

  it('of more than messageBytes are EMSGSIZE, with both lengths in the error', () => {
    const queue = queues.make();
    expect(() => queue.send(new Uint8Array(65)))
      .to.throw(QueueError, /^mq_send \/afstatsd-test.*65 bytes.*takes 64.*messageBytes/)
      .with.property('code', 'EMSGSIZE');
  });

  it('are not received into less than messageBytes', () => {
    const queue = queues.make();
    queue.send(Buffer.from('x'));
    expect(() => queue.receive(new Uint8Array(63)))
      .to.throw(QueueError, /^mq_receive.*has 63 bytes.*64.*attributes\(\)/)
      .with.property('code', 'EMSGSIZE');
    expect(queue.attributes().messages).to.equal(1);
  });

  it('are refused with false when the queue is full', () => {
    const queue = queues.make();
    const taken = [1, 2, 3, 4, 5].map(() => queue.send(Buffer.from('x')));
    expect(taken).to.deep.equal([true, true, true, true, false]);
    expect(queue.attributes()).to.deep.equal({ depth: 4, messageBytes: 64, messages: 4 });
  });

  it('are undefined when the queue is empty', () => {
    expect(queues.make().receive(new Uint8Array(64))).to.equal(undefined);
  });

  it('are still there for the next handle after close', () => {
    const queue = queues.make();
    queue.send(Buffer.from('kept'));
    queue.close();
    expect(receiveText(queues.open(queue.name, { access: 'read' }))).to.equal('kept');
  });

  it('need a handle with the access for it', () => {
    const { name } = queues.make();
    const reader = queues.open(name, { access: 'read' });
    const writer = queues.open(name, { access: 'write' });
    expect(() => reader.send(new Uint8Array(1)))
      .to.throw(QueueError, /access 'read'/)
      .with.property('code', 'EBADF');
    expect(() => writer.receive(new Uint8Array(64)))
      .to.throw(QueueError, /access 'write'/)
      .with.property('code', 'EBADF');
  });
});

function receiveText(queue: Queue): string | undefined {
  const into = Buffer.alloc(queue.attributes().messageBytes);
  const received = queue.receive(into);
  return received && into.toString('utf8', 0, received.bytes);
}
