import { type Socket, createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type Server, createServer } from 'node:net';

/**
 * A port that nobody uses, for UDP and TCP. It is none of those that the system hands out by itself (32768 and up), so that
 * nobody gets it by chance while a server is restarted, not even the client's own socket.
 *
 * @param host - an address of this machine; 127.0.0.1 by default.
 */
export async function freePort(host = '127.0.0.1'): Promise<number> {
  for (;;) {
    const port = 10_000 + Math.floor(Math.random() * 22_000);
    if (await isFree(port, host)) return port;
  }
}

async function isFree(port: number, host: string): Promise<boolean> {
  const udp = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  const tcp = createServer();
  try {
    udp.bind(port, host);
    await once(udp, 'listening');
    tcp.listen(port, host);
    await once(tcp, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    // Deno gives a port back later than it closes its socket.
    await Promise.all([closed(udp), closed(tcp)]);
  }
}

const closed = (socket: Socket | Server): Promise<void> =>
  new Promise((resolve) => socket.close(() => resolve()));
