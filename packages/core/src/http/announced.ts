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

/**
 * Ends the exchange of a response that has been sent. Node announces this before other listeners run, and before the connection's
 * next response sends bytes.
 */
function finished({ request, socket }: Served): void {
  const last = latest();
  const exchange = last?.raw === request ? last : knownConnection(socket)?.find(request);
  if (exchange === undefined) return;
  // Listeners for the end of the response ask for this exchange next.
  setLatest(exchange as Exchange);
  // A response also finishes when the server cuts the connection and, on Node 20 and 22, when the client resets it.
  (exchange as Exchange).end(!socket.destroyed);
}

/**
 * Has Node announce a server's requests to this copy of the package, until the server closes. Announced requests cost least to
 * record. Middleware calls this at the first request of a server.
 *
 * @param server - a server of `node:http` or `node:https`.
 */
export function watchServer(server: Server): void {
  observe(server, observer);
}

/** Does the same as `watchServer` for the server of a request. */
export function watchServerOf(raw: IncomingMessage): void {
  const server = (socketOf(raw) as { readonly server?: Server } | undefined)?.server;
  if (typeof server?.once === 'function') observe(server, observer);
}

/** Whether a request without an exchange had one before, because it was recorded and is over. */
export function wasRecorded(raw: IncomingMessage, rawResponse: ServerResponse): boolean {
  if (!rawResponse.writableFinished || (raw as { upgrade?: boolean }).upgrade === true) return false;
  const socket = socketOf(raw);
  return socket !== undefined && knownConnection(socket)?.isAnnounced === true;
}
