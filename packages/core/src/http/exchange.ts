// The global of this name is slower to read.
import { performance } from 'node:perf_hooks';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { isPageView } from './page-view.js';

/**
 * What has happened to a request: `headers`, those of an event stream or an upgrade were sent, and it goes on; `streamed`,
 * such a one is over; `finished`, the response has been sent; `aborted`, it never was.
 */
export type HttpOutcome = 'aborted' | 'finished' | 'headers' | 'streamed';

/** Exchanges that end with their connection. One listener a connection, however many there are. */
const withSocket = new WeakMap<Socket, Set<Exchange>>();

/** Bytes that a connection had sent when the last response on it was counted. */
const written = new WeakMap<Socket, number>();

/** A request and its response, from the beginning to the end. */
export class Exchange {
  readonly raw: IncomingMessage;
  readonly rawResponse: ServerResponse;
  /** The framework's. */
  readonly req: unknown;
  readonly res: unknown;
  outcome: HttpOutcome = 'finished';
  /** How long it took so far, at the time of the outcome. */
  ms = -0;
  readonly #tell: (exchange: Exchange) => void;
  readonly #begin: number;
  // Taken now: a response lets go of its socket when it is finished.
  readonly #socket: Socket | undefined;
  readonly #bytesBefore: number;
  #contentType: string | undefined;
  #streams = false;
  #ended = false;
  #withSocket: Set<Exchange> | undefined;

  /** @param elapsed - how long ago it began, in ms. */
  constructor(
    raw: IncomingMessage,
    rawResponse: ServerResponse,
    req: unknown,
    res: unknown,
    elapsed: number,
    countsBytes: boolean,
    tell: (exchange: Exchange) => void,
  ) {
    this.#begin = performance.now() - elapsed;
    this.raw = raw;
    this.rawResponse = rawResponse;
    this.req = req;
    this.res = res;
    this.#tell = tell;
    const isHttp2 = raw.httpVersionMajor >= 2;
    // That of HTTP/2 is its session's, and all its streams'.
    this.#socket = !isHttp2 && raw.socket instanceof Socket ? raw.socket : undefined;
    // It isn't simply read: a socket adds up what waits in it.
    this.#bytesBefore = countsBytes ? (this.#socket?.bytesWritten ?? 0) : 0;
    const isReal = isHttp2 || this.#socket !== undefined;
    // `close` comes after `finish`, and alone if there is none. A request that was made up, for tests, has only the latter.
    if (isReal) rawResponse.on('close', () => this.#end(this.#wasFinished()));
    else rawResponse.on('finish', () => this.#end(true));
    if (this.#socket !== undefined && (raw.headers.upgrade !== undefined || rawResponse.socket === null)) {
      this.#endWith(this.#socket);
    }
  }

  /**
   * The headers are being sent.
   *
   * @param given - the arguments of `writeHead`: those that were set before aren't in them.
   */
  headersSent(given: readonly unknown[] = []): void {
    if (this.#ended || this.#streams) return;
    const type = contentTypeIn(given.at(-1)) ?? this.rawResponse.getHeader('content-type');
    this.#contentType = typeof type === 'string' ? type : undefined;
    if (this.#contentType?.startsWith('text/event-stream') === true) this.streams();
  }

  /** The response goes on for as long as the client wants it: its duration is no measure. */
  streams(): void {
    if (this.#ended || this.#streams) return;
    this.#streams = true;
    this.#happened('headers');
  }

  /** Bytes sent for the response, headers included; without a real connection, its content's length. To be asked once, at the end. */
  countBytes(): number {
    const socket = this.#socket;
    if (socket === undefined) return Number(this.rawResponse.getHeader('content-length')) || 0;
    const { bytesWritten } = socket;
    // Of a request that came while others of its connection were answered, their bytes don't count.
    const before = Math.max(this.#bytesBefore, written.get(socket) ?? 0);
    written.set(socket, bytesWritten);
    return bytesWritten - before;
  }

  get isPageView(): boolean {
    const { method, headers } = this.raw;
    const { statusCode } = this.rawResponse;
    const contentType = this.#contentType ?? this.rawResponse.getHeader('content-type');
    const disposition = this.rawResponse.getHeader('content-disposition');
    return isPageView({ method, headers, statusCode, contentType, disposition });
  }

  #end(finished: boolean): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#withSocket?.delete(this);
    this.#happened(this.#streams ? 'streamed' : finished ? 'finished' : 'aborted');
  }

  /**
   * Has the end of the connection be the end, if nothing was before: a WebSocket's response hears of nothing, and up to Node 22
   * neither does one that waits behind others of its connection.
   */
  #endWith(socket: Socket): void {
    let exchanges = withSocket.get(socket);
    if (exchanges === undefined) {
      const all = (exchanges = new Set<Exchange>());
      withSocket.set(socket, all);
      socket.once('close', () => {
        for (const exchange of all) exchange.#end(false);
      });
    }
    exchanges.add(this);
    this.#withSocket = exchanges;
  }

  /** On Node 20 and 22 a response to a client that has reset the connection finishes as well. */
  #wasFinished(): boolean {
    const { writableFinished, writableEnded } = this.rawResponse;
    // A cancelled HTTP/2 stream has finished, but was never ended.
    return writableEnded && (writableFinished ?? true) && (this.#socket?.errored ?? null) === null;
  }

  #happened(outcome: HttpOutcome): void {
    this.outcome = outcome;
    this.ms = performance.now() - this.#begin;
    this.#tell(this);
  }
}

/** The content type in the headers that `writeHead` gets: an object, or a list of names and values in turn. */
function contentTypeIn(headers: unknown): unknown {
  if (typeof headers !== 'object' || headers === null) return undefined;
  if (Array.isArray(headers)) {
    const at = headers.findIndex((name, i) => i % 2 === 0 && String(name).toLowerCase() === 'content-type');
    return at < 0 ? undefined : (headers as unknown[])[at + 1];
  }
  for (const [name, value] of Object.entries(headers))
    if (name.toLowerCase() === 'content-type') return value;
  return undefined;
}
