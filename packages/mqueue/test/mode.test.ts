import { need } from '@afstatsd/testing';
import { expect } from 'chai';
import { QueueError } from '../src/index.js';
import { describeBinding, describeEachBinding } from './support/each-binding.js';
import { useScripts } from './support/scripts.js';
import { useSmallQueues } from './support/small-queues.js';

/** The flags of Node.js's permission model with every right but that to change files. Node.js 20 has it as an experiment. */
const PERMISSION = process.allowedNodeEnvironmentFlags.has('--permission')
  ? '--permission'
  : '--experimental-permission';
const SANDBOX = [PERMISSION, '--allow-fs-read=*', '--allow-addons'];

describeEachBinding("a queue's mode", () => {
  const queues = useSmallQueues();
  const scripts = useScripts();

  it('can be changed, whatever the access', () => {
    for (const access of ['read', 'write', 'readwrite'] as const) {
      const queue = queues.make({ access });
      for (const mode of [0o622, 0, 0o777, 0o600]) {
        queue.setMode(mode);
        expect(queue.mode).to.equal(mode);
      }
    }
  });

  it('is a number of nine bits', () => {
    const queue = queues.make();
    expect(() => queue.setMode(0o1000)).to.throw(RangeError, 'mode must be an integer from 0 to 511');
    expect(() => queue.setMode('622' as unknown as number)).to.throw(TypeError, 'mode must be a number');
  });

  it("isn't another user's to change", async function () {
    need(this, 'root');
    const { name } = queues.make({ create: { mode: 0o622 } });
    const code = await scripts.run(
      `print(codeOf(() => require(entry).openQueue(name, { access: 'write' }).setMode(0o666)));`,
      name,
      { unprivileged: true },
    );
    expect(code).to.equal('EPERM');
  });
});

describeBinding('koffi', 'in a sandbox', () => {
  const queues = useSmallQueues();
  const scripts = useScripts();

  it("a queue is made with its mode, though Node.js's own fchmod is disabled", async () => {
    const script = `
      process.umask(0o077);
      print(codeOf(() => require('node:fs').fchmodSync(1, 0o600)));
      print(require(entry).openQueue(name, { access: 'read', create: { mode: 0o622 } }).mode.toString(8));`;
    const name = queues.newName();
    const { code, stdout, stderr } = await scripts.start(script, name, { nodeOptions: SANDBOX }).ended();
    expect([code, stdout], stderr).to.deep.equal([0, '"ERR_ACCESS_DENIED"\n"622"\n']);
  });
});

describeBinding('posix-mq', 'in a sandbox', () => {
  const queues = useSmallQueues();
  const scripts = useScripts();

  it("a queue whose mode can't be set is an error, and doesn't stay", async () => {
    const script = `
      const { openQueue } = require(entry);
      try { openQueue(name, { access: 'read', create: { mode: 0o622 } }); } catch (error) { print(error.message); }`;
    const name = queues.newName();
    const message = await scripts.run(script, name, { nodeOptions: SANDBOX });
    expect(message).to.match(/^fchmod .*: ERR_ACCESS_DENIED, .*it was removed again/);
    expect(() => queues.open(name, { access: 'read' }))
      .to.throw(QueueError)
      .with.property('code', 'ENOENT');
  });
});
