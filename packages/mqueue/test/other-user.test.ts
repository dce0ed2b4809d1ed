import { existsSync } from 'node:fs';
import { isRoot, need } from '@afstatsd/testing';
import { expect } from 'chai';
import { kernelLimit } from '../src/kernel-limits.js';
import { describeEachBinding } from './support/each-binding.js';
import { useScripts } from './support/scripts.js';
import { useSmallQueues } from './support/small-queues.js';

interface Failure {
  code: string;
  message: string;
}

describeEachBinding('an unprivileged user', () => {
  const queues = useSmallQueues();
  const scripts = useScripts();

  async function failureOf(call: string, name: string, uid?: number): Promise<Failure> {
    const script = `
      const { openQueue, unlinkQueue } = require(entry);
      try { ${call}; print({ code: 'none' }); }
      catch ({ code, message }) { print({ code, message }); }`;
    return (await scripts.run(script, name, {
      unprivileged: true,
      ...(uid !== undefined && { uid }),
    })) as Failure;
  }

  it('may not open a queue whose mode forbids it', async () => {
    const { name } = queues.make({ create: { mode: isRoot ? 0o600 : 0 } });
    for (const access of ['read', 'write', 'readwrite']) {
      const failure = await failureOf(`openQueue(name, { access: '${access}' })`, name);
      expect(failure.code).to.equal('EACCES');
      expect(failure.message).to.match(
        new RegExp(`uid \\d+ may not open this queue for '${access}'.*options.create.mode`),
      );
      // Whose queue it is can only be seen where the file system of the queues is mounted.
      if (existsSync(`/dev/mqueue${name}`)) {
        expect(failure.message).to.match(/belongs to uid \d+ with mode 0\d+;/);
      }
    }
  });

  it('may send to a queue of mode 0622, and not receive', async function () {
    need(this, 'root');
    const queue = queues.make({ create: { mode: 0o622 } });
    const result = await scripts.run(
      `const { openQueue } = require(entry);
       const queue = openQueue(name, { access: 'write' });
       print({
         sent: queue.send(Buffer.from('from another user')),
         room: queue.wait(0),
         owner: queue.owner,
         mode: queue.mode,
         read: codeOf(() => openQueue(name, { access: 'read' })),
         unlink: codeOf(() => require(entry).unlinkQueue(name)),
       });`,
      queue.name,
      { unprivileged: true },
    );
    expect(result).to.deep.equal({
      sent: true,
      room: true,
      owner: process.getuid?.(),
      mode: 0o622,
      read: 'EACCES',
      unlink: 'EACCES',
    });
    const into = Buffer.alloc(64);
    expect(into.toString('utf8', 0, queue.receive(into)?.bytes)).to.equal('from another user');
  });

  for (const [option, limit] of [
    ['depth', 'msg_max'],
    ['messageBytes', 'msgsize_max'],
  ] as const) {
    it(`may not make a queue with ${option} over ${limit}`, async () => {
      const max = kernelLimit(limit) as number;
      const failure = await failureOf(
        `openQueue(name, { access: 'read', create: { ${option}: ${max + 1} } })`,
        queues.newName(),
      );
      expect(failure.code).to.equal('EINVAL');
      expect(failure.message).to.include(`options.create.${option} is ${max + 1}`);
      expect(failure.message).to.include(`/proc/sys/fs/mqueue/${limit} (${max})`);
    });
  }

  it('may not make queues over RLIMIT_MSGQUEUE', async function () {
    need(this, 'queue-limit');
    // The limit is of all processes of a user, and other tests run at the same time: this user has none but these queues.
    need(this, 'root');
    const names = Array.from({ length: 16 }, () => queues.newName());
    const failure = await failureOf(
      `for (const each of ${JSON.stringify(names)}) openQueue(each, { access: 'read', create: {} })`,
      queues.newName(),
      65_533,
    );
    expect(failure.code).to.equal('EMFILE');
    expect(failure.message).to.match(/RLIMIT_MSGQUEUE \(\d+\).*ulimit -q/);
  });
});
