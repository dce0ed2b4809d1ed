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

/** Node's own listener for the end of a response says so: before all others, and before the next one of a connection sends bytes. */
function finished({ request, socket }: Served): void {
  const last = latest();
  const exchange = last?.raw === request ? last : knownConnection(socket)?.find(request);
  if (exchange === undefined) return;
  // Those who listen for the end of the response ask for it next.
  setLatest(exchange as Exchange);
  // What the server cuts off finishes as well, and so does, on Node 20 and 22, what a client resets.
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

/** The same of the server that a request has come to. */
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
