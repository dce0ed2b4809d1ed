// A UDP receiver that only counts lines. It sends its port to its parent, and answers each message with the lines that have come
// since the last one.
import { createSocket } from 'node:dgram';

/** How long what is in the socket still may take to be read, in ms. */
const SETTLE = 200;

const socket = createSocket('udp4');
let lines = 0;
socket.on('message', (bytes) => {
  if (bytes.length > 0) lines += bytes.toString('latin1').split('\n').length;
});
socket.bind(0, '127.0.0.1', () => process.send(socket.address().port));
process.on('message', () => {
  setTimeout(() => {
    process.send(lines);
    lines = 0;
  }, SETTLE);
});
process.on('disconnect', () => socket.close());
