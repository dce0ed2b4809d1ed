import { expect } from 'chai';
import { openQueue, QueueError, unlinkQueue, type OpenOptions } from '../src/index.js';
import { describeEachBinding } from './support/each-binding.js';
import { useSmallQueues } from './support/small-queues.js';

describe('a queue name', () => {
  const names: [name: string, code: string, reason: RegExp][] = [
    ['', 'EINVAL', /starts with a slash/],
    ['metrics', 'EINVAL', /starts with a slash/],
    ['/', 'EINVAL', /needs a character/],
    ['/a/b', 'EINVAL', /no slash but the first/],
    ['//', 'EINVAL', /no slash but the first/],
    ['/..', 'EINVAL', /directory/],
    ['/a\0b', 'EINVAL', /no NUL/],
    [`/${'é'.repeat(128)}`, 'ENAMETOOLONG', /256 bytes .* 255 at most/],
  ];
  for (const [name, code, reason] of names) {
    it(`${JSON.stringify(name.slice(0, 12))} is ${code}`, () => {
      expect(() => openQueue(name, { access: 'read' }))
        .to.throw(QueueError, reason)
        .with.property('code', code);
      expect(() => unlinkQueue(name))
        .to.throw(QueueError, reason)
        .with.property('syscall', 'mq_unlink');
    });
  }

  it('that is not a string is a TypeError', () => {
    expect(() => openQueue(7 as unknown as string, { access: 'read' })).to.throw(TypeError, /name .* is 7/);
  });
});

describe('open options', () => {
  const wrong: [options: unknown, type: typeof TypeError | typeof RangeError, message: RegExp][] = [
    [undefined, TypeError, /options .* is undefined/],
    [{}, TypeError, /options\.access .*'read', 'write' or 'readwrite'; it is undefined/],
    [{ access: 'rw' }, TypeError, /options\.access .* is 'rw'/],
    [{ access: 'read', nonBlocking: 1 }, TypeError, /options\.nonBlocking .* is 1/],
    [{ access: 'read', create: true }, TypeError, /options\.create .* is true/],
    [{ access: 'read', create: { depth: 0 } }, RangeError, /create\.depth .* from 1 to .* is 0/],
    [{ access: 'read', create: { depth: '10' } }, TypeError, /create\.depth .* is '10'/],
    [{ access: 'read', create: { messageBytes: 1.5 } }, RangeError, /create\.messageBytes .* is 1\.5/],
    [{ access: 'read', create: { messageBytes: NaN } }, RangeError, /create\.messageBytes .* is NaN/],
    [{ access: 'read', create: { mode: 0o1777 } }, RangeError, /create\.mode .* is 1023/],
    [{ access: 'read', create: { exclusive: 'yes' } }, TypeError, /create\.exclusive .* is 'yes'/],
  ];
  for (const [options, type, message] of wrong) {
    it(`${JSON.stringify(options)} is a ${type.name}`, () => {
      expect(() => openQueue('/afstatsd-test-never-made', options as OpenOptions)).to.throw(type, message);
    });
  }
});

describeEachBinding('arguments of a queue', (binding) => {
  const queues = useSmallQueues();

  it('that are no bytes are a TypeError', () => {
    const queue = queues.make();
    expect(() => queue.send('text' as unknown as Uint8Array)).to.throw(TypeError, /message .* is 'text'/);
    expect(() => queue.receive([] as unknown as Uint8Array)).to.throw(TypeError, /into .* is \[\]/);
  });

  it('that are no priority are a RangeError or a TypeError', () => {
    const queue = queues.make();
    const highest = binding === 'koffi' ? 32_767 : 31;
    expect(queue.send(new Uint8Array(1), highest)).to.equal(true);
    expect(queue.receive(new Uint8Array(64))?.priority).to.equal(highest);
    for (const priority of [-1, 0.5, highest + 1]) {
      expect(() => queue.send(new Uint8Array(1), priority)).to.throw(RangeError, `is ${priority}`);
    }
    expect(() => queue.send(new Uint8Array(1), '1' as unknown as number)).to.throw(TypeError, /is '1'/);
  });

  it('that are no timeout are a RangeError or a TypeError', () => {
    const queue = queues.make();
    expect(() => queue.wait(-1)).to.throw(RangeError, /timeoutMs .* is -1/);
    expect(() => queue.wait(NaN)).to.throw(RangeError, /timeoutMs .* is NaN/);
    expect(() => queue.wait('1' as unknown as number)).to.throw(TypeError, /timeoutMs .* is '1'/);
  });
});
