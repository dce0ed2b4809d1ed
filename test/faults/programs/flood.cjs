'use strict';

// Sends hostile input at the highest rate that one process has, until it is ended: `flood.cjs KIND UDP_PORT QUEUE`. Says again and again how
// much it has sent.
const { createSocket } = require('node:dgram');
const { openQueue } = require('@afstatsd/mqueue');
const { FLOODS, TO_QUEUE } = require('../collector/floods.cjs');

const [kind, port, queueName] = process.argv.slice(2);
/** Datagrams between two turns of the event loop. */
const AT_ONCE = 64;
let n = 0;

/** The highest of which the collector knows any: StatsD, and reports. */
const PRIORITIES = 8;

const make = FLOODS[kind];
if (TO_QUEUE.includes(kind)) {
  const queue = openQueue(queueName, { access: 'write' });
  const size = queue.attributes().messageBytes;
  everyTurn(() => {
    const message = Buffer.from(make(n)).subarray(0, size);
    return queue.send(message, n % PRIORITIES);
  });
} else {
  const socket = createSocket('udp4');
  socket.on('error', () => {}); // while nobody listens
  socket.connect(Number(port), '127.0.0.1', () =>
    everyTurn(() => {
      socket.send(make(n));
      return socket.getSendQueueCount() === 0;
    }),
  );
}

function everyTurn(sendOne) {
  for (let i = 0; i < AT_ONCE && sendOne(); i++) n++;
  setImmediate(everyTurn, sendOne);
}
setInterval(() => console.log(`sent ${n}`), 200);
