import { type Socket, connect } from 'node:net';
import { NextTry, RETRY_MS } from '../retry/next-try.js';
import type { Channel, OfferState, OpenOptions, TransportStats } from '../transport/transport.js';
import { LineStream, type LineStreamOptions } from './line-stream.js';

/** A connection over TCP, which is made again when it is lost. It never keeps the process alive. */
export class TcpLines extends LineStream {
  readonly #host: string;
  readonly #port: number;
  readonly #nextTry = new NextTry();
  #socket: Socket | undefined;
  #problem: string | undefined;

  constructor(host: string, port: number, options: LineStreamOptions) {
    super(options);
    this.#host = host;
    this.#port = port;
  }

  open({ ending = false }: OpenOptions = {}): Channel | undefined {
    if (this.#socket === undefined && this.#nextTry.isDue && !ending) this.#connect();
    // Without a turn of the event loop no connection is made.
    return this.#socket === undefined || (ending && this.#socket.connecting) ? undefined : this;
  }

  close(): void {
    this.#socket?.end();
    this.#socket = undefined;
    this.#problem = undefined;
    this.#nextTry.now();
  }

  protected get state(): Pick<TransportStats, 'state' | 'detail'> {
    const name = `tcp ${this.#host}:${this.#port}`;
    if (this.#problem !== undefined) return { state: 'unavailable', detail: `${name}: ${this.#problem}` };
    return { state: this.#socket === undefined ? 'closed' : 'open', detail: name };
  }

  protected write(lines: string): OfferState {
    const socket = this.#socket;
    if (socket === undefined) return 'unavailable';
    if (socket.connecting || socket.writableNeedDrain) return 'full';
    socket.write(`${lines}\n`);
    return 'ok';
  }

  #connect(): void {
    const socket = connect(this.#port, this.#host);
    this.#socket = socket;
    socket.unref();
    socket.on('connect', () => (this.#problem = undefined));
    socket.on('error', (error: Error) => this.#lose(socket, error.message));
    socket.on('close', () => this.#lose(socket, 'the connection was closed'));
    // A server that says something is not heard, but its end of the connection is seen.
    socket.resume();
  }

  #lose(socket: Socket, problem: string): void {
    socket.destroy();
    if (socket !== this.#socket) return;
    this.#socket = undefined;
    this.#problem = problem;
    this.#nextTry.in(RETRY_MS.receiver);
  }
}
