import { type Socket, connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { ACCEPTED, type Outcome } from './outcome.js';

/**
 * Sends a body over a new connection, and waits until the server has closed it, too. Carbon's protocol has no answers. But a
 * server that closes after the end of the stream has read all of it. A finished write proves nothing, because the bytes may still
 * be in the kernel.
 */
export function sendOverTcp(address: URL, body: Buffer, signal: AbortSignal): Promise<Outcome> {
  return new Promise((resolve) => {
    const socket = connection(address);
    let isWritten = false;
    const failed = (why: string): void => {
      signal.removeEventListener('abort', abort);
      resolve({ state: 'failed', why });
      socket.destroy();
    };
    const abort = (): void =>
      failed('the server did not close the connection in time, so it may not have read everything');
    if (signal.aborted) {
      abort();
      return;
    }
    signal.addEventListener('abort', abort);
    socket.on('error', (error) => failed(error.message));
    // The server's end counts only after ours. An earlier end means that the server hasn't read everything.
    socket.on('end', () => {
      if (!isWritten) failed('the server closed the connection before it had read everything');
    });
    socket.on('close', () => {
      signal.removeEventListener('abort', abort);
      if (isWritten) resolve(ACCEPTED);
      else failed('the connection was closed');
    });
    socket.resume();
    socket.end(body, () => (isWritten = true));
  });
}

function connection({ protocol, hostname, port }: URL): Socket {
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const options = { host, port: Number(port) };
  return protocol === 'tls:' ? connectTls({ ...options, servername: serverName(host) }) : connect(options);
}

/** The name of the server for TLS. It is empty for an address, because TLS allows only names. */
function serverName(host: string): string {
  return /^[\d.]+$/.test(host) || host.includes(':') ? '' : host;
}
