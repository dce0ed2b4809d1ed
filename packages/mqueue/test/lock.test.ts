import { need } from '@afstatsd/testing';
import { expect } from 'chai';
import type { LockKind, Queue } from '../src/index.js';
import { describeBinding } from './support/each-binding.js';
import { useScripts } from './support/scripts.js';
import { useSmallQueues } from './support/small-queues.js';

describeBinding('koffi', 'a lock', () => {
  const queues = useSmallQueues();
  const scripts = useScripts();
  const again = (queue: Queue, access: 'read' | 'write' = 'read'): Queue =>
    queues.open(queue.name, { access });

  it('is held by one handle, until that is closed', () => {
    const first = queues.make({ access: 'read' });
    const second = again(first);
    expect([first.lock('exclusive'), second.lock('exclusive'), second.lock('shared')]).to.deep.equal([
      'locked',
      'held',
      'held',
    ]);
    expect(first.lock('exclusive')).to.equal('locked');
    first.close();
    expect(second.lock('exclusive')).to.equal('locked');
  });

  it('can be shared, and then nobody has it alone', () => {
    const first = queues.make({ access: 'read' });
    const [second, third] = [again(first), again(first)];
    expect([first.lock('shared'), second.lock('shared'), third.lock('exclusive')]).to.deep.equal([
      'locked',
      'locked',
      'held',
    ]);
    second.close();
    expect(first.lock('exclusive')).to.equal('locked');
  });

  it('needs no right to read: everybody who may send can lock', () => {
    const reader = queues.make({ access: 'read' });
    const sender = again(reader, 'write');
    expect([sender.lock('exclusive'), reader.lock('exclusive')]).to.deep.equal(['locked', 'held']);
  });

  it('keeps nobody from sending and receiving, and has nothing to do with a mark', () => {
    const reader = queues.make({ access: 'read' });
    const sender = again(reader, 'write');
    const other = again(reader);
    expect([reader.lock('exclusive'), other.setMark(7), reader.setMark(5), sender.mark]).to.deep.equal([
      'locked',
      'set',
      'set',
      5,
    ]);
    expect(sender.send(Buffer.from('x'))).to.equal(true);
    expect(other.receive(new Uint8Array(64))).to.deep.equal({ bytes: 1, priority: 0 });
    expect(other.lock('exclusive')).to.equal('held');
  });

  it('of another process is seen with its id, and goes when that is killed', async () => {
    const queue = queues.make({ access: 'read' });
    expect(queue.lockHolders).to.deep.equal([]);
    const holder = scripts.start(
      `const queue = require(entry).openQueue(name, { access: 'read' });
       print(queue.lock('exclusive'));
       setInterval(() => {}, 1000);`,
      queue.name,
    );
    await holder.printed('locked');
    expect(queue.lock('exclusive')).to.equal('held');
    expect(queue.lockHolders).to.deep.equal([holder.child.pid]);
    await holder.kill('SIGKILL');
    expect([queue.lock('exclusive'), queue.lockHolders]).to.deep.equal(['locked', [process.pid]]);
  });

  it('of several processes is seen with all of their ids', async () => {
    const queue = queues.make({ access: 'read' });
    queue.lock('shared');
    const holder = scripts.start(
      `print(require(entry).openQueue(name, { access: 'read' }).lock('shared')); setInterval(() => {}, 1000);`,
      queue.name,
    );
    await holder.printed('locked');
    expect(queue.lockHolders).to.have.members([process.pid, holder.child.pid!]);
  });

  it('belongs to one queue: another one with its name has none', () => {
    const [one, other] = [queues.make({ access: 'read' }), queues.make({ access: 'read' })];
    expect([one.lock('exclusive'), other.lock('exclusive')]).to.deep.equal(['locked', 'locked']);
  });

  it('is of a known kind', () => {
    const queue = queues.make({ access: 'read' });
    expect(() => queue.lock('both' as LockKind)).to.throw(TypeError, "'exclusive' or 'shared'");
  });
});

describeBinding('posix-mq', 'a lock', () => {
  const queues = useSmallQueues();

  it("isn't supported", () => {
    const queue = queues.make({ access: 'read' });
    expect([queue.lock('exclusive'), queue.lockHolders]).to.deep.equal(['unsupported', []]);
  });
});

describeBinding('koffi', "another user's process", () => {
  const queues = useSmallQueues();
  const scripts = useScripts();

  it('that may send can lock, too, and is seen', async function () {
    need(this, 'root');
    const queue = queues.make({ access: 'read', create: { mode: 0o622 } });
    const holder = scripts.start(
      `print(require(entry).openQueue(name, { access: 'write' }).lock('exclusive')); setInterval(() => {}, 1000);`,
      queue.name,
      { unprivileged: true },
    );
    await holder.printed('locked');
    expect([queue.lock('exclusive'), queue.lockHolders]).to.deep.equal(['held', [holder.child.pid]]);
  });
});
