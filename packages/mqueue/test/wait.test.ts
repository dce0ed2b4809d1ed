import { expect } from 'chai';
import { describeBinding, describeEachBinding } from './support/each-binding.js';
import { useScripts } from './support/scripts.js';
import { useSmallQueues } from './support/small-queues.js';

/** Far longer than any test needs, and shorter than mocha's own limit. */
const longMs = 60_000;

describeEachBinding('waiting', () => {
  const queues = useSmallQueues();
  const scripts = useScripts();

  it('ends at once when there is a message', () => {
    const queue = queues.make();
    queue.send(Buffer.from('x'));
    expect(queue.wait(Infinity)).to.equal(true);
  });

  it('ends when another process sends', async () => {
    const queue = queues.make();
    const sender = scripts.start(
      `require(entry).openQueue(name, { access: 'write' }).send(Buffer.from('woken'));`,
      queue.name,
    );
    expect(queue.wait(longMs)).to.equal(true);
    const into = Buffer.alloc(64);
    expect(into.toString('utf8', 0, queue.receive(into)?.bytes)).to.equal('woken');
    expect(await sender.exit(), sender.stderr).to.equal(0);
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

    const receiver = scripts.start(
      `require(entry).openQueue(name, { access: 'read' }).receive(new Uint8Array(64));`,
      queue.name,
    );
    expect(writer.wait(longMs)).to.equal(true);
    expect(writer.send(Buffer.from('y'))).to.equal(true);
    expect(await receiver.exit(), receiver.stderr).to.equal(0);
  });
});

describeBinding('koffi', 'waiting', () => {
  const queues = useSmallQueues();
  const scripts = useScripts();

  it('goes on after a signal', async () => {
    const queue = queues.make();
    const waiter = scripts.start(
      `process.on('SIGUSR2', () => {});
       const queue = require(entry).openQueue(name, { access: 'read' });
       process.stdout.write('ready ');
       print(queue.wait(${longMs}));`,
      queue.name,
    );
    await waiter.printed('ready ');

    for (let signals = 0; signals < 20; signals++) {
      waiter.child.kill('SIGUSR2');
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    queue.send(Buffer.from('x'));
    expect((await waiter.ended()).stdout).to.equal('ready true\n');
  });

  it('blocks a send and a receive too if the handle is not non-blocking', async () => {
    const queue = queues.make({ nonBlocking: false });
    const sender = scripts.start(
      `const queue = require(entry).openQueue(name, { access: 'write', nonBlocking: false });
       for (let count = 0; count < 20; count++) queue.send(Buffer.from([count]));`,
      queue.name,
    );
    const into = new Uint8Array(64);
    const received = Array.from({ length: 20 }, () => queue.receive(into) && into[0]);
    expect(received).to.deep.equal(Array.from({ length: 20 }, (_, count) => count));
    expect(await sender.exit(), sender.stderr).to.equal(0);
  });
});
