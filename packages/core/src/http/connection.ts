import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

/** The part of an exchange that its connection uses. */
export interface OnConnection {
  /** Node's request. */
  readonly raw: IncomingMessage;
  /** Ends the exchange. `isFinished`: its response has been sent. */
  end(isFinished: boolean): void;
}

/** The property of a socket that holds its `Connection`. The number is its version, because copies of this package share it. */
const CONNECTION = Symbol.for('@afstatsd/http-connection@1');

type Marked = Socket & { [CONNECTION]?: Connection };

/** A connection of HTTP/1, and its open exchanges. They end with the connection at the latest. */
export class Connection {
  /** Node's socket. */
  readonly socket: Socket;
  /** Whether Node announces the requests of this connection. */
  isAnnounced = false;
  /** Whether the socket has closed. */
  isClosed = false;
  /** Bytes that the socket had sent when its last response was counted. Starts as a double (-0), so that V8 keeps the type. */
  written = -0;
  /** The only open exchange. Undefined if there are several. */
  #only: OnConnection | undefined = undefined;
  /** The open exchanges, if the client doesn't wait for responses. */
  #several: OnConnection[] | undefined = undefined;
  readonly #closed: (connection: Connection) => void;

  /** @param closed - called once the connection has closed, and its exchanges have ended. */
  constructor(socket: Socket, closed: (connection: Connection) => void) {
    this.socket = socket;
    this.#closed = closed;
    // Some responses get no event when the client leaves: a WebSocket's and, up to Node 22, one that waits behind others.
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

  /** Removes an exchange that is over. */
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

/** The `Connection` of a socket, if there is one. */
export function knownConnection(socket: Socket): Connection | undefined {
  return (socket as Marked)[CONNECTION];
}

/** The `Connection` of a socket. It is made if there is none. */
export function connectionOf(socket: Socket, closed: (connection: Connection) => void): Connection {
  return ((socket as Marked)[CONNECTION] ??= new Connection(socket, closed));
}

/**
 * The socket of an HTTP/1 request. HTTP/2 has none, because all streams of a session share one socket. It is read from the
 * request, because a response lets go of its socket.
 */
export function socketOf({ httpVersionMajor, socket }: IncomingMessage): Socket | undefined {
  // Not `instanceof`, because that walks the whole prototype chain of a fake socket.
  return httpVersionMajor < 2 && typeof socket?.destroySoon === 'function' ? socket : undefined;
}
