// One of many clients of bench/collector-input.mjs: sends lines into a queue, or to a UDP port, when it is told to, and ends when
// the last one was taken.
import { createSocket } from 'node:dgram';
import { setTimeout as delay } from 'node:timers/promises';
import { openQueue } from '@afstatsd/mqueue';

const LINES = 10;
const [name, port, number] = process.argv.slice(2);
const message = Buffer.from(
  Array.from({ length: LINES }, (_, i) => `client${number}.calls${i}:1|c|#region:r${i}`).join('\n'),
);

async function send(messages) {
  if (port === '0') {
    const queue = openQueue(name, { access: 'write' });
    for (let sent = 0; sent < messages;) {
      if (queue.send(message, 3)) sent++;
      else queue.wait(1000);
    }
    queue.close();
  } else {
    const socket = createSocket('udp4');
    for (let sent = 1; sent <= messages; sent++) {
      await new Promise((done) => socket.send(message, Number(port), '127.0.0.1', done));
      if (sent % 5 === 0) await delay(2);
    }
    socket.close();
  }
  process.disconnect();
}

process.once('message', (messages) => void send(messages));
process.send('ready');
