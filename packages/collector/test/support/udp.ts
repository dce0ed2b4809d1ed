import { type Socket, createSocket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

/** A UDP port that was free a moment ago. */
export async function freePort(host = '127.0.0.1'): Promise<number> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  socket.bind(0, host);
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  await once(socket, 'close');
  return port;
}

/** Sends each datagram, in their order, and slowly enough for any receive buffer. */
export async function sendDatagrams(
  port: number,
  datagrams: readonly (string | Uint8Array)[],
  host = '127.0.0.1',
): Promise<void> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  let bytes = 0;
  for (const datagram of datagrams) {
    await new Promise<void>((resolve, reject) => {
      socket.send(datagram, port, host, (error) => (error === null ? resolve() : reject(error)));
    });
    bytes += datagram.length + 500;
    if (bytes > 50_000) {
      bytes = 0;
      await delay(5);
    }
  }
  socket.close();
  await once(socket, 'close');
}

/** A server that takes all that is sent to it, and adds nothing of its own. */
export async function receiver(): Promise<{ port: number; socket: Socket; messages: string[] }> {
  const socket = createSocket({ type: 'udp4', recvBufferSize: 4 * 1024 * 1024 });
  const messages: string[] = [];
  socket.on('message', (bytes) => messages.push(bytes.toString('utf8')));
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return { port: socket.address().port, socket, messages };
}
