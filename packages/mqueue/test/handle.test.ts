import { expect } from 'chai';
import { QueueError, unlinkQueue, type Queue } from '../src/index.js';
import { describeEachBinding } from './support/each-binding.js';
import { useSmallQueues } from './support/small-queues.js';

describeEachBinding('an open queue', (binding) => {
  const queues = useSmallQueues();

  it('says its name, its binding, its owner and its mode', () => {
    const name = queues.newName();
    const queue = queues.make({ create: { mode: 0o640 } }, name);
    expect(queue.name).to.equal(name);
    expect(queue.binding).to.equal(binding);
    expect(queue.owner).to.equal(process.geteuid?.());
    expect(queue.mode).to.equal(0o640);
  });

  it('is stale from the moment that its name is unlinked', () => {
    const queue = queues.make();
    expect(queue.stale).to.equal(false);
    unlinkQueue(queue.name);
    expect(queue.stale).to.equal(true);
  });

  it('stays stale when another queue gets its name', () => {
    const old = queues.make();
    unlinkQueue(old.name);
    const successor = queues.make({}, old.name);
    expect([old.stale, successor.stale]).to.deep.equal([true, false]);
  });

  it('can be closed twice', () => {
    const queue = queues.make();
    queue.close();
    queue.close();
  });

  const uses: Record<string, (queue: Queue) => unknown> = {
    send: (queue) => queue.send(new Uint8Array(1)),
    receive: (queue) => queue.receive(new Uint8Array(64)),
    wait: (queue) => queue.wait(0),
    attributes: (queue) => queue.attributes(),
    owner: (queue) => queue.owner,
    mode: (queue) => queue.mode,
    stale: (queue) => queue.stale,
    mark: (queue) => queue.mark,
    setMark: (queue) => queue.setMark(1),
  };
  for (const [use, call] of Object.entries(uses)) {
    it(`throws EBADF for ${use} after close`, () => {
      const queue = queues.make();
      queue.close();
      expect(() => call(queue))
        .to.throw(QueueError, /was closed: open/)
        .with.property('code', 'EBADF');
    });
  }
});
