import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

/** The part of an exchange that its connection uses. */
export interface OnConnection {
  /** Node's request. */
  readonly raw: IncomingMessage;
  /** Ends the exchange. `isFinished`: its response has been sent. */
  end(isFinished: boolean): void;
}

/** Where a connection has what is known of it. The number is the major version of that, as copies of this package share it. */
const CONNECTION = Symbol.for('@afstatsd/http-connection@1');

type Marked = Socket & { [CONNECTION]?: Connection };

/** A connection of HTTP/1, and the exchanges on it that aren't over. They live no longer than it. */
export class Connection {
  /** Node's socket. */
  readonly socket: Socket;
  /** Node announces the requests that come on it. */
  isAnnounced = false;
  /** Its socket has closed. */
  isClosed = false;
  /** Bytes that it had sent when the last response on it was counted. Starts as a double. */
  written = -0;
  /** The only one that is open, or */
  #only: OnConnection | undefined = undefined;
  /** several, if the client doesn't wait for answers. */
  #several: OnConnection[] | undefined = undefined;
  readonly #closed: (connection: Connection) => void;

  /** @param closed - called once the connection has closed, and its exchanges have ended. */
  constructor(socket: Socket, closed: (connection: Connection) => void) {
    this.socket = socket;
    this.#closed = closed;
    // Of a client that has left, some responses hear of nothing: a WebSocket's and, up to Node 22, one that waits behind others.
    socket.once('close', () => this.#end());
  }

  /** Adds an exchange that has begun. */
  add(exchange: OnConnection): void {
    if (this.#several !== undefined) this.#several.push(exchange);
    else if (this.#only === undefined) this.#only = exchange;
    else {
      this.#several = [this.#only, exchange];
      this.#only = undefined;
    }
  }

  /** Takes off an exchange that is over. */
  delete(exchange: OnConnection): void {
    if (this.#only === exchange) {
      this.#only = undefined;
      return;
    }
    const at = this.#several?.indexOf(exchange) ?? -1;
    if (at < 0) return;
    if (this.#several!.length > 1) this.#several!.splice(at, 1);
    else this.#several = undefined;
  }

  /**
   * The open exchange of a request, if it has one.
   *
   * @param raw - Node's request.
   */
  find(raw: IncomingMessage): OnConnection | undefined {
    if (this.#only !== undefined) return this.#only.raw === raw ? this.#only : undefined;
    return this.#several?.find((one) => one.raw === raw);
  }

  #end(): void {
    this.isClosed = true;
    this.#only?.end(false);
    if (this.#several !== undefined) for (const exchange of this.#several.slice()) exchange.end(false);
    this.#closed(this);
  }
}

/** The connection of a socket, if it has been made. */
export function knownConnection(socket: Socket): Connection | undefined {
  return (socket as Marked)[CONNECTION];
}

/** The same, made if there is none. */
export function connectionOf(socket: Socket, closed: (connection: Connection) => void): Connection {
  return ((socket as Marked)[CONNECTION] ??= new Connection(socket, closed));
}

/**
 * The connection's socket of a request of HTTP/1. The one of HTTP/2 is its session's, and all its streams'. A request keeps it, a
 * response lets go of it.
 */
export function socketOf({ httpVersionMajor, socket }: IncomingMessage): Socket | undefined {
  // `instanceof` goes through all that a made-up one inherits from.
  return httpVersionMajor < 2 && typeof socket?.destroySoon === 'function' ? socket : undefined;
}
