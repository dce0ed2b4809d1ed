import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Statsd } from '../index.js';
import { connectionOf, knownConnection, socketOf } from './connection.js';
import { Exchange } from './exchange.js';
import { forgetAllOn, latest, setLatest } from './latest.js';
import { type Served, type ServerObserver, observe } from './servers.js';
import { sayThrown } from './thrown.js';

const observer: ServerObserver = {
  started(served) {
    try {
      started(served);
    } catch (error) {
      sayThrown(Statsd, 'start', error);
    }
  },
  finished(served) {
    try {
      finished(served);
    } catch (error) {
      sayThrown(Statsd, 'finish', error);
    }
  },
};

function started({ request, response, socket }: Served): void {
  const connection = connectionOf(socket, forgetAllOn);
  connection.isAnnounced = true;
  const exchange = new Exchange(request, response, connection);
  connection.add(exchange);
  setLatest(exchange);
}

/** A response has been sent. Node's own listener announces it: before all others, and before the connection's next response sends bytes. */
function finished({ request, socket }: Served): void {
  const last = latest();
  const exchange = last?.raw === request ? last : knownConnection(socket)?.find(request);
  if (exchange === undefined) return;
  // Listeners for the end of the response ask for this exchange next.
  setLatest(exchange as Exchange);
  // A response also finishes when the server cuts it off and, on Node 20 and 22, when the client resets the connection.
  (exchange as Exchange).end(!socket.destroyed);
}

/**
 * Has Node announce a server's requests to this copy, until the server closes. Their recording costs least then. Middleware does so
 * at the first request of a server that reaches it.
 *
 * @param server - of Node's `http` or `https`.
 */
export function watchServer(server: Server): void {
  observe(server, observer);
}

/** Does the same for the server of a request. */
export function watchServerOf(raw: IncomingMessage): void {
  const server = (socketOf(raw) as { readonly server?: Server } | undefined)?.server;
  if (typeof server?.once === 'function') observe(server, observer);
}

/** Whether a request that has no exchange had one: it was recorded, and is over. */
export function wasRecorded(raw: IncomingMessage, rawResponse: ServerResponse): boolean {
  if (!rawResponse.writableFinished || (raw as { upgrade?: boolean }).upgrade === true) return false;
  const socket = socketOf(raw);
  return socket !== undefined && knownConnection(socket)?.isAnnounced === true;
}
