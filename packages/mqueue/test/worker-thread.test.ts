import { once } from 'node:events';
import { resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import { expect } from 'chai';
import { describeBinding } from './support/each-binding.js';
import { useSmallQueues } from './support/small-queues.js';

const entry = resolve(__dirname, '../src/index.js');

async function runInWorker(script: string, name: string): Promise<unknown> {
  const prelude = `
    const { workerData: { entry, name }, parentPort } = require('node:worker_threads');
    const { openQueue } = require(entry);
  `;
  const worker = new Worker(prelude + script, { eval: true, workerData: { entry, name } });
  const [message] = (await once(worker, 'message')) as [unknown];
  await worker.terminate();
  return message;
}

describeBinding('koffi', 'a worker thread', () => {
  const queues = useSmallQueues();

  it('waits for and receives what the main thread sends', async () => {
    const queue = queues.make();
    const received = runInWorker(
      `const queue = openQueue(name, { access: 'read' });
       const into = Buffer.alloc(64);
       const woken = queue.wait(60_000);
       const { bytes, priority } = queue.receive(into);
       parentPort.postMessage({ woken, text: into.toString('utf8', 0, bytes), priority });`,
      queue.name,
    );
    queue.send(Buffer.from('to the worker'), 2);
    expect(await received).to.deep.equal({ woken: true, text: 'to the worker', priority: 2 });
  });
});

describeBinding('posix-mq', 'a worker thread', () => {
  const queues = useSmallQueues();

  it('is told that it needs koffi', async () => {
    const { name } = queues.make();
    const failure = (await runInWorker(
      `try { openQueue(name, { access: 'read' }); }
       catch ({ code, message }) { parentPort.postMessage({ code, message }); }`,
      name,
    )) as { code: string; message: string };
    expect(failure.code).to.equal('ENOTSUP');
    expect(failure.message).to.match(/posix-mq: Module did not self-register.*outside worker threads/);
  });
});
