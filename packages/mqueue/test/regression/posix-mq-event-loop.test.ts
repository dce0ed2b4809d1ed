import { expect } from 'chai';
import { useScripts } from '../support/scripts.js';
import { describeBinding } from '../support/each-binding.js';
import { useSmallQueues } from '../support/small-queues.js';

/** posix-mq starts a libuv watcher for each queue that it opens, and has no way to stop it. */
describeBinding('posix-mq', "posix-mq's watcher", () => {
  const queues = useSmallQueues();
  const scripts = useScripts();

  it('does not turn the event loop without rest while a message waits', async () => {
    const turns = await scripts.run(
      `const queue = require(entry).openQueue(name, { access: 'write' });
       queue.send(Buffer.from('waiting'));
       const loopCount = () => performance.nodeTiming.uvMetricsInfo.loopCount;
       const before = loopCount();
       setTimeout(() => { print(loopCount() - before); queue.close(); }, 100);`,
      queues.make().name,
    );
    expect(turns).to.be.below(50);
  });

  it('does not keep the process alive', async () => {
    const script = `print(require(entry).openQueue(name, { access: 'write' }).send(Buffer.from('x')));`;
    expect(await scripts.run(script, queues.make().name)).to.equal(true);
  });

  it('is not freed while libuv closes it', async () => {
    const script = `
      const { openQueue } = require(entry);
      const into = new Uint8Array(64);
      let rounds = 0;
      (function round() {
        for (let count = 0; count < 20; count++) {
          const queue = openQueue(name, { access: 'readwrite' });
          queue.send(into);
          queue.receive(into);
          queue.close();
        }
        gc();
        if (++rounds < 20) setImmediate(round); else print('alive');
      })();`;
    expect(await scripts.run(script, queues.make().name, { nodeOptions: ['--expose-gc'] })).to.equal('alive');
  });

  it('leaves a queue usable in every later callback, until it is unlinked', async () => {
    const result = await scripts.run(
      `const { openQueue, unlinkQueue } = require(entry);
       const queue = openQueue(name, { access: 'readwrite' });
       const into = new Uint8Array(64);
       setImmediate(() => {
         const sent = queue.send(Buffer.from('x'));
         setImmediate(() => {
           const received = queue.receive(into);
           unlinkQueue(name);
           setImmediate(() => {
             openQueue(name, { access: 'read', create: {} });
             print([sent, received, codeOf(() => queue.send(into)), queue.stale]);
             unlinkQueue(name);
             queue.close();
           });
         });
       });`,
      queues.make().name,
    );
    expect(result).to.deep.equal([true, { bytes: 1, priority: 0 }, 'ENOENT', true]);
  });
});
