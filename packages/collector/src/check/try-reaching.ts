import { once } from 'node:events';
import { lookup } from 'node:dns/promises';
import { statSync } from 'node:fs';
import { connect } from 'node:net';
import type { Attempt } from './attempt.js';

/** The longest wait for a connection to a server, in ms. */
const CONNECT_MS = 2_000;
const LATER = 'it is tried again while the collector runs';

/** Tries to reach a server over TCP. Nothing is sent. */
export async function tryTcp(part: string, { hostname, port, protocol }: URL): Promise<Attempt> {
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const socket = connect({ host, port: Number(port) || (protocol === 'https:' ? 443 : 80) });
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(CONNECT_MS) });
    return { part, result: 'ok', detail: 'something listens there' };
  } catch (error) {
    return { part, result: 'away', detail: `${reason(error as NodeJS.ErrnoException)}; ${LATER}` };
  } finally {
    socket.destroy();
  }
}

/** Tries to find a StatsD server. UDP doesn't say whether anybody listens. */
export async function tryStatsd(part: string, { hostname, pathname, protocol }: URL): Promise<Attempt> {
  try {
    if (protocol === 'unix:') {
      const path = decodeURIComponent(pathname);
      if (statSync(path).isSocket()) return { part, result: 'ok', detail: 'the socket is there' };
      return { part, result: 'away', detail: `${path} is no socket; ${LATER}` };
    }
    await lookup(hostname.replace(/^\[(.*)\]$/, '$1'));
    return { part, result: 'ok', detail: 'there is such a host; UDP does not say more' };
  } catch (error) {
    return { part, result: 'away', detail: `${(error as Error).message}; ${LATER}` };
  }
}

function reason({ name, code, message }: NodeJS.ErrnoException): string {
  return name === 'AbortError' ? `no connection within ${CONNECT_MS} ms` : (code ?? message);
}
