// Sends samples over UDP or into a queue, in a process of its own, and answers how many it sent.
// Asked with { to: { port } | { queue }, rate (messages a second; 0: as fast as it goes), ms, messages }.
import { createSocket } from 'node:dgram';
import { openQueue } from '@afstatsd/mqueue';

const STEP = 5; // ms between two bunches of messages
const PRIORITY = 3; // of StatsD messages
const cell = new Int32Array(new SharedArrayBuffer(4));
const sleep = (ms) => void Atomics.wait(cell, 0, 0, ms);

process.on('message', ({ to, rate, ms, messages }) => {
  const bytes = messages.map((message) => Buffer.from(message));
  if (to.queue === undefined) sendDatagrams(to.port, { rate, ms, bytes });
  else sendToQueue(to.queue, { rate, ms, bytes });
});

/** Sends by the clock. After a delay at most two steps' worth is caught up at once, so that no burst overruns a receiver. */
function* schedule(rate, ms) {
  const begin = performance.now();
  const step = (rate * STEP) / 1000;
  let due = 0;
  let last = begin;
  while (performance.now() < begin + ms) {
    const now = performance.now();
    due = Math.min(due + ((now - last) * rate) / 1000, 2 * step + 1);
    last = now;
    while (due >= 1) {
      due--;
      yield;
    }
    sleep(Math.max(0, STEP - (performance.now() - now)));
  }
}

function sendDatagrams(port, { rate, ms, bytes }) {
  const socket = createSocket('udp4');
  socket.connect(port, '127.0.0.1', () => {
    const begin = performance.now();
    const sent = Array.from(bytes, () => 0);
    let number = 0;
    for (const _ of schedule(rate, ms)) {
      const which = number++ % bytes.length;
      socket.send(bytes[which]); // a connected socket sends at once
      sent[which]++;
    }
    const time = performance.now() - begin;
    socket.close(() => process.send({ sent, time, full: 0 }));
  });
}

function sendToQueue(name, { rate, ms, bytes }) {
  const queue = openQueue(name, { access: 'write' });
  const begin = performance.now();
  const sent = Array.from(bytes, () => 0);
  let [number, full] = [0, 0];
  const sendNext = () => {
    const which = number++ % bytes.length;
    // What a client does: it keeps what the queue has no room for, and tries again.
    while (!queue.send(bytes[which], PRIORITY)) {
      full++;
      if (rate > 0) sleep(1);
    }
    sent[which]++;
  };
  if (rate > 0) for (const _ of schedule(rate, ms)) sendNext();
  else while (performance.now() < begin + ms) sendNext();
  const time = performance.now() - begin;
  queue.close();
  process.send({ sent, time, full });
}
