import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

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
