import { once } from 'node:events';
import { expect } from 'chai';
import { startChild } from './support/child-process.js';
import { describeBinding, describeEachBinding } from './support/each-binding.js';
import { temporaryQueues } from './support/temporary-queues.js';

/** Far longer than any test needs, and shorter than mocha's own limit. */
const longMs = 15_000;

describeEachBinding('waiting', () => {
  const queues = temporaryQueues();

  it('ends at once when there is a message', () => {
    const queue = queues.make();
    queue.send(Buffer.from('x'));
    expect(queue.wait(Infinity)).to.equal(true);
  });

  it('ends when another process sends', async () => {
    const queue = queues.make();
    const sender = startChild(
      `require(entry).openQueue(name, { access: 'write' }).send(Buffer.from('woken'));`,
      queue.name,
    );
    expect(queue.wait(longMs)).to.equal(true);
    const into = Buffer.alloc(64);
    expect(into.toString('utf8', 0, queue.receive(into)?.bytes)).to.equal('woken');
    await once(sender, 'close');
  });

  it('ends with false after the time, and not before', () => {
    const queue = queues.make();
    const start = performance.now();
    expect(queue.wait(30)).to.equal(false);
    expect(performance.now() - start).to.be.at.least(30);
  });

  it('of 0 ms only looks', () => {
    const queue = queues.make();
    expect(queue.wait(0)).to.equal(false);
    queue.send(Buffer.from('x'));
    expect(queue.wait(0)).to.equal(true);
  });

  it('with write access is for room', async () => {
    const queue = queues.make();
    const writer = queues.open(queue.name, { access: 'write' });
    expect(writer.wait(0)).to.equal(true);
    while (writer.send(Buffer.from('x')));
    expect(writer.wait(0)).to.equal(false);

    const receiver = startChild(
      `require(entry).openQueue(name, { access: 'read' }).receive(new Uint8Array(64));`,
      queue.name,
    );
    expect(writer.wait(longMs)).to.equal(true);
    expect(writer.send(Buffer.from('y'))).to.equal(true);
    await once(receiver, 'close');
  });
});

describeBinding('koffi', 'waiting', () => {
  const queues = temporaryQueues();

  it('goes on after a signal', async () => {
    const queue = queues.make();
    const waiter = startChild(
      `process.on('SIGUSR2', () => {});
       const queue = require(entry).openQueue(name, { access: 'read' });
       process.stdout.write('ready ');
       print(queue.wait(${longMs}));`,
      queue.name,
    );
    let output = '';
    waiter.stdout?.setEncoding('utf8').on('data', (text: string) => (output += text));
    await once(waiter.stdout!, 'data');

    for (let signals = 0; signals < 20; signals++) {
      waiter.kill('SIGUSR2');
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    queue.send(Buffer.from('x'));
    await once(waiter, 'close');
    expect(output).to.equal('ready true\n');
  });

  it('blocks a send and a receive too if the handle is not non-blocking', async () => {
    const queue = queues.make({ nonBlocking: false });
    const sender = startChild(
      `const queue = require(entry).openQueue(name, { access: 'write', nonBlocking: false });
       for (let count = 0; count < 20; count++) queue.send(Buffer.from([count]));`,
      queue.name,
    );
    const into = new Uint8Array(64);
    const received = Array.from({ length: 20 }, () => queue.receive(into) && into[0]);
    expect(received).to.deep.equal(Array.from({ length: 20 }, (_, count) => count));
    await once(sender, 'close');
  });
});
