import type { IncomingMessage, ServerResponse } from 'node:http';
import { type RequestScope, type Trace, now } from '../instrument.js';
import { type Connection, connectionOf, knownConnection, socketOf } from './connection.js';
import { contentTypeIn } from './content-type.js';
import { forget, forgetAllOn } from './latest.js';
import { isPageView, mayBePageView } from './page-view.js';

/**
 * What has happened to a request: `headers`, those of an event stream or an upgrade were sent, and it goes on; `streamed`,
 * such a one is over; `finished`, the response has been sent; `aborted`, it never was.
 */
export type HttpOutcome = 'aborted' | 'finished' | 'headers' | 'streamed';

/** Is told of exchanges. */
export interface Recorder {
  /**
   * Something has happened to an exchange.
   *
   * @param ms - how long the exchange has taken so far.
   */
  happened(exchange: Exchange, outcome: HttpOutcome, ms: number): void;
}

/** Where a request has its exchange, if Node hasn't announced it. The number is the major version of what is kept there. */
const EXCHANGE = Symbol.for('@afstatsd/http@1');

type Marked = { [EXCHANGE]?: Exchange };

/**
 * A request and its response, from the beginning to the end. What lives as long as a request costs the garbage collector more
 * than what is done with it costs: so it is one small object.
 *
 * On Node 20 and 22, Express gives each request and response a hidden class of its own, after which a look at any of their
 * properties costs as much as a hundred elsewhere. So of a request that Node announces everything is read at once, before Express
 * has it.
 */
export class Exchange {
  /** What the middleware that records it keeps about the route. */
  routing: unknown = undefined;
  /** What a framework notes on the request's way through its routers, also if another one's middleware records it. */
  trail: unknown = undefined;
  /** What is kept for the request by those who record while it is handled; there once a middleware has been asked to. */
  scope: RequestScope | undefined = undefined;
  /** The trace that was active when it began, where the client wants exemplars: its span may be over when the response ends. */
  trace: Trace | undefined = undefined;
  /** Node's request. */
  readonly raw: IncomingMessage;
  /** Node's response; there once it has begun, or was announced. */
  rawResponse!: ServerResponse;
  /** The framework's request; there once it has begun. */
  req: unknown = undefined;
  /** The framework's response; there once it has begun. */
  res: unknown = undefined;
  /** The connection of HTTP/1 that it came on: there once it has begun, or was announced. */
  connection: Connection | undefined;
  /** Node has announced it, and will announce that its response has been sent. */
  readonly isAnnounced: boolean;
  readonly #method: string | undefined;
  readonly #rawHeaders: readonly string[] | undefined;
  #recorder: Recorder | undefined = undefined;
  #begin = -0;
  #bytesBefore = 0;
  #contentType: string | undefined = undefined;
  #state: 'ended' | 'finished' | 'new' | 'streams' = 'new';
  #status = 0;

  /**
   * Made by `exchangeOf` only, or where a request is announced, so that a request, `raw`, has one.
   *
   * @param rawResponse - Node's response, of an announced request.
   * @param connection - likewise.
   */
  constructor(raw: IncomingMessage, rawResponse?: ServerResponse, connection?: Connection) {
    this.raw = raw;
    this.rawResponse = rawResponse!;
    this.connection = connection;
    this.isAnnounced = connection !== undefined;
    this.#method = connection === undefined ? undefined : raw.method;
    this.#rawHeaders = connection === undefined ? undefined : raw.rawHeaders;
  }

  /** Something records it. */
  get isRecorded(): boolean {
    return this.#recorder !== undefined;
  }

  /** It asks for an upgrade, and something may grant it. */
  get isUpgrade(): boolean {
    // Node sets it if something listens for upgrades, and doesn't announce such a request.
    return (
      !this.isAnnounced &&
      this.connection !== undefined &&
      (this.raw as { upgrade?: boolean }).upgrade === true
    );
  }

  /** The method, as it is by now: some apps have a form's POST stand for another. */
  get method(): string | undefined {
    return this.#method === 'GET' ? 'GET' : this.raw.method;
  }

  /** The status that was sent or, as long as none was, would be. */
  get status(): number {
    return this.#status === 0 ? this.rawResponse.statusCode : this.#status;
  }

  /**
   * Its recording begins.
   *
   * @param rawResponse - Node's response.
   * @param req - the framework's request.
   * @param res - the framework's response.
   * @param elapsed - how long ago it began, in ms.
   * @param countsBytes - whether `countBytes` is going to be asked.
   */
  begin(
    rawResponse: ServerResponse,
    req: unknown,
    res: unknown,
    elapsed: number,
    countsBytes: boolean,
    recorder: Recorder,
  ): void {
    this.#begin = now() - elapsed;
    this.rawResponse = rawResponse;
    this.req = req;
    this.res = res;
    this.#recorder = recorder;
    if (this.isAnnounced) this.#goOn(this.connection!, countsBytes);
    else if (this.raw.httpVersionMajor >= 2) this.#endWithStream();
    else this.#endWithConnection(countsBytes);
  }

  /** Announced. Something before us may have taken longer than the client waited, or have answered. */
  #goOn(connection: Connection, countsBytes: boolean): void {
    // Only if it is needed, because for `bytesWritten` a socket adds up all that waits in it.
    if (countsBytes) this.#bytesBefore = connection.socket.bytesWritten;
    if (this.#state === 'finished') this.end(true);
    else if (connection.isClosed) this.end(false);
  }

  /** HTTP/1, and requests that are made up, for tests, which have no connection. */
  #endWithConnection(countsBytes: boolean): void {
    const { rawResponse } = this;
    const socket = socketOf(this.raw);
    if (socket !== undefined) {
      this.connection = connectionOf(socket, forgetAllOn);
      if (countsBytes) this.#bytesBefore = socket.bytesWritten;
      this.connection.add(this);
    }
    // A response also finishes when the server cuts it off and, on Node 20 and 22, when the client resets the connection.
    const end = (): void => this.end(socket?.destroyed !== true);
    // To be the first costs more. Node's own listener has the connection's next response send its bytes; where a request offers
    // an upgrade that is refused, one of the server's ends the connection.
    const isFirst = countsBytes || this.raw.headers.upgrade !== undefined;
    if (isFirst) rawResponse.prependListener('finish', end);
    else rawResponse.on('finish', end);
    // As above.
    if (rawResponse.writableFinished) this.end(true);
    else if (socket?.destroyed === true) this.end(false);
  }

  /** HTTP/2, where the connection is shared. A cancelled stream has finished, too, but was never ended. */
  #endWithStream(): void {
    const response = this.rawResponse as ServerResponse & { readonly stream?: { readonly closed: boolean } };
    const end = (): void => this.end(response.writableEnded && (response.writableFinished ?? true));
    response.on('close', end);
    if (response.stream?.closed !== false) end();
  }

  /**
   * The headers are being sent.
   *
   * @param status - the response's. Default: the one that was set on it.
   * @param given - headers that `writeHead` got. Those that were set before aren't in them.
   */
  headersSent(status = 0, given?: unknown): void {
    if (this.#recorder === undefined || this.#state !== 'new') return;
    if (Number.isInteger(status)) this.#status = status;
    const type =
      (given === undefined ? undefined : contentTypeIn(given)) ?? this.rawResponse.getHeader('content-type');
    if (typeof type !== 'string') return;
    this.#contentType = type;
    if (type.startsWith('text/event-stream')) this.streams();
  }

  /** The response goes on for as long as the client wants it: its duration is no measure. */
  streams(): void {
    if (this.#recorder === undefined || this.#state !== 'new') return;
    this.#state = 'streams';
    this.#recorder.happened(this, 'headers', now() - this.#begin);
  }

  /**
   * The response is over. A second call does nothing.
   *
   * @param isFinished - it has been sent, all of it.
   */
  end(isFinished: boolean): void {
    const state = this.#state;
    if (state === 'ended') return;
    if (this.#recorder === undefined && this.isAnnounced) {
      this.#endUnrecorded(isFinished);
      return;
    }
    this.#state = 'ended';
    const ms = now() - this.#begin;
    this.#recorder?.happened(
      this,
      state === 'streams' ? 'streamed' : isFinished ? 'finished' : 'aborted',
      ms,
    );
    this.connection?.delete(this);
    // Of an announced one, those who come after are going to ask whether it is recorded.
    if (!this.isAnnounced) forget(this);
  }

  /** Middleware may still come to a request that was answered meanwhile. That of a client which has left stays on the connection. */
  #endUnrecorded(isFinished: boolean): void {
    if (!isFinished) return;
    this.#state = 'finished';
    this.connection?.delete(this);
    (this.raw as Marked)[EXCHANGE] = this;
  }

  /** Bytes sent for the response, headers included; without a real connection, its content's length. To be asked once, at the end. */
  countBytes(): number {
    const { connection } = this;
    if (connection === undefined) return Number(this.rawResponse.getHeader('content-length')) || 0;
    const { bytesWritten } = connection.socket;
    // Of a request that came while others of its connection were answered, their bytes don't count.
    const before = Math.max(this.#bytesBefore, connection.written);
    connection.written = bytesWritten;
    return bytesWritten - before;
  }

  /** A person looked at a document, by the rules for page views. To be asked once the headers are sent. */
  get isPageView(): boolean {
    const type = this.#contentType;
    // Most answers are for programs, which can be told without a look at the request and the response.
    if (this.#rawHeaders !== undefined && !mayBePageView(this.#rawHeaders, type)) return false;
    return isPageView(this.raw, this.rawResponse, type);
  }
}

/** The exchange of a request that isn't announced, or was announced and isn't open any more. */
export function markedExchange(req: IncomingMessage): Exchange | undefined {
  return (req as Marked)[EXCHANGE];
}

/** Makes the exchange of a request that Node hasn't announced. */
export function newExchange(req: IncomingMessage): Exchange {
  return ((req as Marked)[EXCHANGE] = new Exchange(req));
}

/** The exchange of a request on its connection, as long as it is open. */
export function openExchange(req: IncomingMessage): Exchange | undefined {
  const socket = socketOf(req);
  return socket && (knownConnection(socket)?.find(req) as Exchange | undefined);
}
