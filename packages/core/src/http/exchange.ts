import type { IncomingMessage, ServerResponse } from 'node:http';
import { type RequestScope, type Trace, now } from '../instrument.js';
import { type Connection, connectionOf, knownConnection, socketOf } from './connection.js';
import { contentTypeIn } from './content-type.js';
import { forget, forgetAllOn } from './latest.js';
import { isPageView, mayBePageView } from './page-view.js';

/**
 * A step in the life of a request.
 *
 * - `headers`: the headers of an event stream or an upgrade were sent, and the response goes on.
 * - `streamed`: an event stream or an upgrade is over.
 * - `finished`: the response has been sent.
 * - `aborted`: the response was never sent as a whole.
 */
export type HttpOutcome = 'aborted' | 'finished' | 'headers' | 'streamed';

/** Records the steps of exchanges. */
export interface Recorder {
  /**
   * Called at each step of an exchange.
   *
   * @param ms - how long the exchange has taken so far.
   */
  happened(exchange: Exchange, outcome: HttpOutcome, ms: number): void;
}

/** The property of a request that holds its exchange, if Node hasn't announced it. The number is the version of the exchange. */
const EXCHANGE = Symbol.for('@afstatsd/http@1');

type Marked = { [EXCHANGE]?: Exchange };

/**
 * A request and its response, from the beginning to the end. It is one small object, because keeping objects alive that long costs
 * more than the work done with them.
 *
 * On Node 20 and 22, Express gives each request and response a hidden class of its own. Reading a property then costs a hundred
 * times as much. So if Node announces a request, all properties are read at once, before Express gets the request.
 */
export class Exchange {
  /** Data about the route, kept by the middleware that records the request. */
  routing: unknown = undefined;
  /** Notes of a framework's routers. Another framework's middleware may record the request and read them. */
  trail: unknown = undefined;
  /** Data of recorders that work while the request is handled. Undefined until a middleware calls `within`. */
  scope: RequestScope | undefined = undefined;
  /** The trace that was active at the beginning, because its span may be over when the response ends. Only for exemplars. */
  trace: Trace | undefined = undefined;
  /** Node's request. */
  readonly raw: IncomingMessage;
  /** Node's response. Set when the exchange begins or is announced. */
  rawResponse!: ServerResponse;
  /** The framework's request. Set when the exchange begins. */
  req: unknown = undefined;
  /** The framework's response. Set when the exchange begins. */
  res: unknown = undefined;
  /** The HTTP/1 connection of the request. Set when the exchange begins or is announced. */
  connection: Connection | undefined;
  /** Whether Node has announced the request. Node then also announces that its response has been sent. */
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
   * Called only by `exchangeOf` and for announced requests, so that each request, `raw`, has at most one exchange.
   *
   * @param rawResponse - Node's response, of an announced request.
   * @param connection - the connection of an announced request.
   */
  constructor(raw: IncomingMessage, rawResponse?: ServerResponse, connection?: Connection) {
    this.raw = raw;
    this.rawResponse = rawResponse!;
    this.connection = connection;
    this.isAnnounced = connection !== undefined;
    this.#method = connection === undefined ? undefined : raw.method;
    this.#rawHeaders = connection === undefined ? undefined : raw.rawHeaders;
  }

  /** Whether something records the request. */
  get isRecorded(): boolean {
    return this.#recorder !== undefined;
  }

  /** Whether the request asks for an upgrade that something may grant. */
  get isUpgrade(): boolean {
    // Node sets `upgrade` if something listens for upgrades. It doesn't announce such a request.
    return (
      !this.isAnnounced &&
      this.connection !== undefined &&
      (this.raw as { upgrade?: boolean }).upgrade === true
    );
  }

  /** The current method. Some apps replace the POST of a form by another method. */
  get method(): string | undefined {
    return this.#method === 'GET' ? 'GET' : this.raw.method;
  }

  /** The status that was sent. Before that, the status that would be sent now. */
  get status(): number {
    return this.#status === 0 ? this.rawResponse.statusCode : this.#status;
  }

  /**
   * Begins to record the request.
   *
   * @param rawResponse - Node's response.
   * @param req - the framework's request.
   * @param res - the framework's response.
   * @param elapsed - how long ago the request began, in ms.
   * @param countsBytes - whether `countBytes` will be called.
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

  /** Begins an announced exchange. Code before us may have answered already, or the client may have left by now. */
  #goOn(connection: Connection, countsBytes: boolean): void {
    // Read only if needed, because `bytesWritten` adds up everything that waits in the socket.
    if (countsBytes) this.#bytesBefore = connection.socket.bytesWritten;
    if (this.#state === 'finished') this.end(true);
    else if (connection.isClosed) this.end(false);
  }

  /** Begins an exchange of HTTP/1, or of a test's fake request, which has no connection. */
  #endWithConnection(countsBytes: boolean): void {
    const { rawResponse } = this;
    const socket = socketOf(this.raw);
    if (socket !== undefined) {
      this.connection = connectionOf(socket, forgetAllOn);
      if (countsBytes) this.#bytesBefore = socket.bytesWritten;
      this.connection.add(this);
    }
    // `finish` also fires when the server cuts the connection and, on Node 20 and 22, when the client resets it.
    const end = (): void => this.end(socket?.destroyed !== true);
    // Only two cases need the first listener, because that costs more. Bytes are counted before Node's own listener lets the
    // connection's next response send. After a refused upgrade, a listener of the server ends the connection.
    const isFirst = countsBytes || this.raw.headers.upgrade !== undefined;
    if (isFirst) rawResponse.prependListener('finish', end);
    else rawResponse.on('finish', end);
    // Code before us may have answered already, or the client may have left by now.
    if (rawResponse.writableFinished) this.end(true);
    else if (socket?.destroyed === true) this.end(false);
  }

  /** Begins an exchange of HTTP/2, where streams share a connection. A cancelled stream also finishes, but was never ended. */
  #endWithStream(): void {
    const response = this.rawResponse as ServerResponse & { readonly stream?: { readonly closed: boolean } };
    const end = (): void => this.end(response.writableEnded && (response.writableFinished ?? true));
    response.on('close', end);
    if (response.stream?.closed !== false) end();
  }

  /**
   * Called when the headers are being sent.
   *
   * @param status - the status of the response. Default: the status that was set on it.
   * @param given - headers that `writeHead` got. Headers that were set before aren't among them.
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

  /** Notes that the response is a stream. Its duration isn't recorded, because the client decides how long it lasts. */
  streams(): void {
    if (this.#recorder === undefined || this.#state !== 'new') return;
    this.#state = 'streams';
    this.#recorder.happened(this, 'headers', now() - this.#begin);
  }

  /**
   * Called when the response is over. A second call does nothing.
   *
   * @param isFinished - whether all of the response has been sent.
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
    // An announced exchange is kept, because later middleware asks whether it is recorded.
    if (!this.isAnnounced) forget(this);
  }

  /**
   * Keeps an answered exchange on its request, for later middleware that may record it. An aborted one stays on the connection.
   */
  #endUnrecorded(isFinished: boolean): void {
    if (!isFinished) return;
    this.#state = 'finished';
    this.connection?.delete(this);
    (this.raw as Marked)[EXCHANGE] = this;
  }

  /** Bytes sent for the response, with its headers. Without a real connection: its content length. Call it once, at the end. */
  countBytes(): number {
    const { connection } = this;
    if (connection === undefined) return Number(this.rawResponse.getHeader('content-length')) || 0;
    const { bytesWritten } = connection.socket;
    // Bytes of earlier responses don't count, if the request came while these were being sent.
    const before = Math.max(this.#bytesBefore, connection.written);
    connection.written = bytesWritten;
    return bytesWritten - before;
  }

  /** Whether a person looked at a document, by the rules for page views. Call it after the headers were sent. */
  get isPageView(): boolean {
    const type = this.#contentType;
    // Most responses are for programs. The raw headers show that, without a slow read of the request and the response.
    if (this.#rawHeaders !== undefined && !mayBePageView(this.#rawHeaders, type)) return false;
    return isPageView(this.raw, this.rawResponse, type);
  }
}

/** The exchange of a request that isn't announced, or of an announced one that is no longer open. */
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
