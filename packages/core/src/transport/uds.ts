import type { Checks } from '../check/options.js';
import type { DogstatsdOptions } from '../wire/dogstatsd.js';
import type { CounterView } from '../metric/view.js';
import { withOrigin } from '../wire/event.js';
import type { Batch } from '../wire/format.js';
import { type StatsdFormat, makeFormat } from '../wire/formats.js';
import { type OriginFields, originFields } from '../wire/origin-fields.js';
import type { LibcSocket, SocketError } from './libc-socket.js';
import { readLineOptions } from './line-options.js';
import { Messages, type Sent } from './messages.js';
import {
  type Channel,
  MAX_EVENT_BYTES,
  type Offer,
  type OfferState,
  type Transport,
  type TransportStats,
} from './transport.js';
import { MAX_SOCKET_PATH_BYTES, connectUnixDatagram } from './unix-datagram.js';

/** Options of {@link UDSTransport}. */
export interface UDSTransportOptions extends DogstatsdOptions {
  /** The path of the server's socket. Default: `/var/run/datadog/dsd.socket`, the Datadog Agent's. */
  readonly path?: string;
  /** The format of lines. Default: `dogstatsd`. */
  readonly format?: StatsdFormat;
  /** The longest datagram, in bytes. Default: 8192 bytes, as in Datadog's own clients. */
  readonly maxMessageBytes?: number;
}

const DEFAULT_PATH = '/var/run/datadog/dsd.socket';
/** Time between flushes, in ms. Servers flush each 10 s, so each of their flushes gets about ten of ours. */
const INTERVAL_MS = 1_000;
const DEFAULT_FORMAT: StatsdFormat = 'dogstatsd';

const OPTIONS: Checks<Pick<UDSTransportOptions, 'path'>> = {
  path: {
    must: `be an absolute path of at most ${MAX_SOCKET_PATH_BYTES} bytes`,
    accepts: (value) =>
      typeof value === 'string' &&
      /^\/[^\0]+$/.test(value) &&
      Buffer.byteLength(value) <= MAX_SOCKET_PATH_BYTES,
  },
};

/**
 * Sends to a StatsD server on this machine over a UNIX datagram socket, such as the Datadog Agent's. Unlike UDP, the socket
 * reports when the receiver has no room. Metrics then stay pending, and add up. It works on Linux only. Elsewhere everything
 * stays pending.
 *
 * @example
 * ```js
 * const { StatsdClient, UDSTransport } = require('@afstatsd/core');
 * const statsd = new StatsdClient({ transport: new UDSTransport({ path: '/var/run/datadog/dsd.socket' }) });
 * ```
 */
export class UDSTransport implements Transport, Channel {
  readonly #path: string;
  readonly #messages: Messages;
  readonly #readsEvents: boolean;
  readonly #origin: () => OriginFields;
  #socket: LibcSocket | undefined;
  #problem: string | undefined;

  /** @throws TypeError that names an option which can't be used. */
  constructor(options: UDSTransportOptions = {}) {
    const given = readLineOptions(options, OPTIONS, DEFAULT_FORMAT);
    const { path = DEFAULT_PATH, format = DEFAULT_FORMAT, maxMessageBytes = 8192, ...line } = given;
    this.#path = path;
    this.#messages = new Messages(makeFormat(format, line), maxMessageBytes);
    this.#readsEvents = format === 'dogstatsd';
    this.#origin = originFields(line);
  }

  get foldsTags(): boolean {
    return this.#messages.foldsTags;
  }

  open(): Channel | undefined {
    if (this.#socket !== undefined) return this;
    try {
      if (process.platform !== 'linux')
        throw new Error(`UNIX datagram sockets are not supported on ${process.platform}`);
      this.#socket = connectUnixDatagram(this.#path);
      this.#problem = undefined;
      return this;
    } catch (error) {
      this.#lose(error as Error);
      return undefined;
    }
  }

  keepsFraction(counter: CounterView, batch: Batch): boolean {
    return this.#messages.keepsFraction(counter, batch);
  }

  offer(batch: Batch, from: number): Offer {
    return this.#messages.offer(batch, from, (text) => this.#send(text));
  }

  readsEvents(): boolean {
    return this.#readsEvents;
  }

  sendEvent(event: string): OfferState {
    const line = withOrigin(event, this.#origin());
    if (Buffer.byteLength(line) > MAX_EVENT_BYTES) return 'oversize';
    return this.#send(line);
  }

  interval(): number {
    return INTERVAL_MS;
  }

  close(): void {
    this.#socket?.close();
    this.#socket = undefined;
    this.#problem = undefined;
  }

  stats(): TransportStats {
    const { counts } = this.#messages;
    if (this.#problem !== undefined) return { state: 'unavailable', detail: this.#problem, ...counts };
    return { state: this.#socket ? 'open' : 'closed', detail: `socket ${this.#path}`, ...counts };
  }

  #send(text: string): Sent {
    try {
      this.#socket!.send(Buffer.from(text));
      return 'ok';
    } catch (error) {
      if (['EAGAIN', 'ENOBUFS'].includes((error as SocketError).code)) return 'full';
      this.#lose(error as Error);
      return 'unavailable';
    }
  }

  #lose({ message }: Error): void {
    this.close();
    this.#problem = `socket ${this.#path}: ${message}`;
  }
}
