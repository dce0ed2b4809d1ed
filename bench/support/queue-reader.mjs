// Stands in for a collector, in a process of its own: makes a queue, 10 deep, and reads it at most so fast.
// Arguments: the queue's name, and messages a second (Infinity: as fast as it can). On the message 'end' it answers with
// what the counters add up to, and ends.
import { setImmediate as turn } from 'node:timers/promises';
import { decode } from '@afstatsd/core';
import { openQueue, unlinkQueue } from '@afstatsd/mqueue';

const [, , name, messagesPerSecond] = process.argv;
const between = 1000 / Number(messagesPerSecond); // ms
const cell = new Int32Array(new SharedArrayBuffer(4));

const queue = openQueue(name, {
  access: 'read',
  create: { depth: 10, messageBytes: 2112, mode: 0o600 },
});
const into = Buffer.alloc(queue.attributes().messageBytes);
const messages = [];
const end = new AbortController();

process.once('message', () => end.abort());
process.send('ready');

/** Reads until nothing comes for 10 ms, or for 50 ms. */
function readForAWhile() {
  const until = performance.now() + 50;
  let next = performance.now();
  while (performance.now() < until && queue.wait(10)) {
    const received = queue.receive(into);
    if (received) messages.push(into.toString('utf8', 0, received.bytes));
    next = Math.max(next + between, performance.now() - 1);
    const early = next - performance.now();
    if (early > 0) Atomics.wait(cell, 0, 0, early);
  }
}

while (!end.signal.aborted) {
  readForAWhile();
  await turn();
}
while (queue.wait(100)) readForAWhile();
unlinkQueue(name);
queue.close();

const sums = new Map();
for (const message of messages) {
  for (const { name, value } of decode(message).metrics) sums.set(name, (sums.get(name) ?? 0) + value);
}
process.send({ messages: messages.length, sums: [...sums] }, () => process.disconnect());
