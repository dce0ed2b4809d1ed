import { expect } from 'chai';
import { QueueError, unlinkQueue } from '../src/index.js';
import { useScripts } from './support/scripts.js';
import { describeEachBinding } from './support/each-binding.js';
import { useSmallQueues } from './support/small-queues.js';

describeEachBinding('opening', () => {
  const queues = useSmallQueues();
  const scripts = useScripts();

  it('a queue that nobody made is ENOENT', () => {
    expect(() => queues.open(queues.newName(), { access: 'write' }))
      .to.throw(QueueError, /there is no queue .* options\.create/)
      .that.includes({ code: 'ENOENT', syscall: 'mq_open', errno: -2 });
  });

  it('makes a queue of 10 messages of 8192 bytes, for its owner alone, unless told otherwise', () => {
    const queue = queues.open(queues.newName(), { access: 'readwrite', create: {} });
    expect(queue.attributes()).to.deep.equal({ depth: 10, messageBytes: 8192, messages: 0 });
    expect(queue.mode).to.equal(0o600);
  });

  it('sets the mode exactly, whatever the umask', async () => {
    const name = queues.newName();
    const mode = await scripts.run(
      `process.umask(0o077);
       print(require(entry).openQueue(name, { access: 'write', create: { mode: 0o622 } }).mode);`,
      name,
    );
    expect(mode).to.equal(0o622);
  });

  it('leaves the attributes and the mode of an existing queue alone', () => {
    const { name } = queues.make({ create: { mode: 0o622 } });
    const again = queues.make({ create: { depth: 9, messageBytes: 32, mode: 0o600 } }, name);
    expect(again.attributes()).to.deep.equal({ depth: 4, messageBytes: 64, messages: 0 });
    expect(again.mode).to.equal(0o622);
  });

  it('an existing queue exclusively is EEXIST', () => {
    const { name } = queues.make();
    expect(() => queues.make({ create: { exclusive: true } }, name))
      .to.throw(QueueError, /exists: .*exclusive/)
      .with.property('code', 'EEXIST');
  });

  it('takes a name of 255 bytes', () => {
    const name = queues.newName().padEnd(256, 'x');
    queues.make({}, name).close();
    unlinkQueue(name);
  });
});

describeEachBinding('unlinking', () => {
  const queues = useSmallQueues();

  it('removes the name', () => {
    const { name } = queues.make();
    unlinkQueue(name);
    expect(() => queues.open(name, { access: 'read' }))
      .to.throw(QueueError)
      .with.property('code', 'ENOENT');
  });

  it('a queue that nobody made is ENOENT', () => {
    expect(() => unlinkQueue(queues.newName()))
      .to.throw(QueueError, /there is no queue/)
      .that.includes({ code: 'ENOENT', syscall: 'mq_unlink' });
  });
});
