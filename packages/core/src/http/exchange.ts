import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { now } from '../instrument.js';
import { contentTypeIn } from './content-type.js';
import { isPageView } from './page-view.js';

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

/** The number is the major version of what is kept there: copies of the middleware that find it know that the request is recorded. */
const EXCHANGE = Symbol.for('@afstatsd/http@1');

type Marked = { [EXCHANGE]?: Exchange };

/** The exchanges of a connection that aren't over: one, or several if the client doesn't wait for answers. */
const open = new WeakMap<Socket, Exchange[]>();

/** Bytes that a connection had sent when the last response on it was counted. */
const written = new WeakMap<Socket, number>();

/**
 * A request and its response, from the beginning to the end. What lives as long as a request costs the garbage collector more
 * than what is done with it costs: so it is one small object.
 */
export class Exchange {
  /** What the middleware that records it keeps about the route. */
  routing: unknown = undefined;
  /** What a framework notes on the request's way through its routers, also if another one's middleware records it. */
  trail: unknown = undefined;
  /** Node's request. */
  readonly raw: IncomingMessage;
  /** Node's response; there once it has begun. */
  rawResponse!: ServerResponse;
  /** The framework's request; there once it has begun. */
  req: unknown = undefined;
  /** The framework's response; there once it has begun. */
  res: unknown = undefined;
  #recorder: Recorder | undefined = undefined;
  #begin = -0;
  #bytesBefore = 0;
  #contentType: string | undefined = undefined;
  #open: Exchange[] | undefined = undefined;
  #state: 'ended' | 'new' | 'streams' = 'new';

  /** Made by `exchangeOf` only, so that a request, `raw`, has one. */
  constructor(raw: IncomingMessage) {
    this.raw = raw;
  }

  /** Something records it. */
  get isRecorded(): boolean {
    return this.#recorder !== undefined;
  }

  /** It asks for an upgrade, and something may grant it. */
  get isUpgrade(): boolean {
    // Node sets it if something listens for upgrades.
    return this.#open !== undefined && (this.raw as { upgrade?: boolean }).upgrade === true;
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
    if (this.raw.httpVersionMajor >= 2) this.#endWithStream();
    else this.#endWithConnection(countsBytes);
  }

  /** HTTP/1, and requests that are made up, for tests, which have no connection. */
  #endWithConnection(countsBytes: boolean): void {
    const { rawResponse } = this;
    const socket = socketOf(this.raw);
    // It isn't simply read: a socket adds up what waits in it.
    if (countsBytes && socket !== undefined) this.#bytesBefore = socket.bytesWritten;
    if (socket !== undefined) {
      this.#open = openOf(socket);
      this.#open.push(this);
    }
    // What the server cuts off finishes as well, and so does, on Node 20 and 22, what a client resets.
    const end = (): void => this.end(socket?.destroyed !== true);
    // To be the first costs more. Node's own listener has the connection's next response send its bytes; where a request offers
    // an upgrade that is refused, one of the server's ends the connection.
    const isFirst = countsBytes || this.raw.headers.upgrade !== undefined;
    if (isFirst) rawResponse.prependListener('finish', end);
    else rawResponse.on('finish', end);
    // Whoever was before us may have taken longer than the client waited, or have answered.
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
   * @param given - the arguments of `writeHead`: headers that were set before aren't in them.
   */
  headersSent(given: readonly unknown[] = []): void {
    if (this.#recorder === undefined || this.#state !== 'new') return;
    const type =
      contentTypeIn(typeof given[1] === 'string' ? given[2] : (given[2] ?? given[1])) ??
      this.rawResponse.getHeader('content-type');
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
    this.#state = 'ended';
    const at = this.#open?.indexOf(this) ?? -1;
    if (at >= 0) this.#open?.splice(at, 1);
    const ms = now() - this.#begin;
    this.#recorder?.happened(
      this,
      state === 'streams' ? 'streamed' : isFinished ? 'finished' : 'aborted',
      ms,
    );
  }

  /** Bytes sent for the response, headers included; without a real connection, its content's length. To be asked once, at the end. */
  countBytes(): number {
    const socket = socketOf(this.raw);
    if (socket === undefined) return Number(this.rawResponse.getHeader('content-length')) || 0;
    const { bytesWritten } = socket;
    // Of a request that came while others of its connection were answered, their bytes don't count.
    const before = Math.max(this.#bytesBefore, written.get(socket) ?? 0);
    written.set(socket, bytesWritten);
    return bytesWritten - before;
  }

  /** A person looked at a document, by the rules for page views. To be asked once the headers are sent. */
  get isPageView(): boolean {
    return isPageView(this.raw, this.rawResponse, this.#contentType);
  }
}

/**
 * The exchange of a request, made if there is none; it isn't recorded before it has begun. All middleware finds the same one.
 *
 * @param req - Node's request.
 */
export function exchangeOf(req: IncomingMessage): Exchange {
  return ((req as Marked)[EXCHANGE] ??= new Exchange(req));
}

/**
 * The exchange of a request, if it has one.
 *
 * @param req - Node's request.
 */
export function existingExchange(req: IncomingMessage): Exchange | undefined {
  return (req as Marked)[EXCHANGE];
}

/** That of HTTP/1. The one of HTTP/2 is its session's, and all its streams'. A request keeps it, a response lets go of it. */
function socketOf({ httpVersionMajor, socket }: IncomingMessage): Socket | undefined {
  // `instanceof` goes through all that a made-up one inherits from.
  return httpVersionMajor < 2 && typeof socket?.destroySoon === 'function' ? socket : undefined;
}

/**
 * The list for a connection, whose end is theirs: of a client that has left, some responses hear of nothing, a WebSocket's and,
 * up to Node 22, one that waits behind others.
 */
function openOf(socket: Socket): Exchange[] {
  const known = open.get(socket);
  if (known !== undefined) return known;
  const exchanges: Exchange[] = [];
  open.set(socket, exchanges);
  socket.once('close', () => {
    for (const exchange of exchanges.slice()) exchange.end(false);
  });
  return exchanges;
}
