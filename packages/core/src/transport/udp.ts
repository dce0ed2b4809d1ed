import type { Checks } from '../check/options.js';
import { integer } from '../check/rules.js';
import { loadNet } from '../host/builtin.js';
import type { DogstatsdOptions } from '../wire/dogstatsd.js';
import type { CounterView } from '../metric/view.js';
import { withOrigin } from '../wire/event.js';
import type { Batch, Format } from '../wire/format.js';
import { type StatsdFormat, makeFormat } from '../wire/formats.js';
import { type OriginFields, originFields } from '../wire/origin-fields.js';
import { HostAddress } from './host-address.js';
import { readLineOptions } from './line-options.js';
import { Messages } from './messages.js';
import { Pace } from './pace.js';
import { ProbedSocket } from './probed-socket.js';
import {
  type Channel,
  MAX_EVENT_BYTES,
  NOTHING,
  type Offer,
  type OfferState,
  type OpenOptions,
  type Transport,
  type TransportStats,
} from './transport.js';

/** Options of {@link UDPTransport}. */
export interface UDPTransportOptions extends DogstatsdOptions {
  /** A name, or an IPv4 or IPv6 address. Default: 127.0.0.1. */
  readonly host?: string;
  /** The port of the server. Default: 8125. */
  readonly port?: number;
  /**
   * The format of lines. Default: `dogstatsd` while the receiver answers that it reads tags, as our collector does. Else `etsy`,
   * which every StatsD server reads.
   */
  readonly format?: StatsdFormat;
  /** The longest datagram, in bytes. At most 65,507. Default: 1432 bytes, which fit into an Ethernet frame. */
  readonly maxMessageBytes?: number;
}

/** How long to wait before looking again for the answer to a probe, in ms. */
const PROBE_WAIT_MS = 2;
/**
 * How long the first flush waits for a receiver's first answer, in ms. At the end of the process the thread is stopped meanwhile.
 */
const FIRST_ANSWER_MS = 100;
const FIRST_ANSWER_AT_END_MS = 20;
/** Default time between flushes, in ms. Servers flush each 10 s, so each of their flushes gets about ten of ours. */
const INTERVAL_MS = 1_000;
/** The two formats to choose from if the app gave none. Every StatsD server reads the plain one. */
const PLAIN_FORMAT: StatsdFormat = 'etsy';
const TAGS_FORMAT: StatsdFormat = 'dogstatsd';

const OPTIONS: Checks<Pick<UDPTransportOptions, 'host' | 'port'>> = {
  host: {
    must: 'be a host name or an IP address',
    accepts: (value) => typeof value === 'string' && (/^[\w.-]+$/.test(value) || loadNet().isIPv6(value)),
  },
  port: integer(1, 65_535),
};

/**
 * Sends to a StatsD server over UDP.
 *
 * A datagram counts as sent when the kernel has taken it, because only a refusal by the peer's host ever comes back. So an empty
 * datagram, a probe, asks who listens. It is sent before the first datagram, after each refusal and, unless the app chose a
 * format, before each flush. Most servers ignore it. If nobody listens, everything stays pending. Our collector answers with a
 * line. Tags are then sent as tags, and the client flushes as often as the line says. Datagrams are paced, so that they don't
 * overrun a default receive buffer.
 *
 * @example
 * ```js
 * const { StatsdClient, UDPTransport } = require('@afstatsd/core');
 * const statsd = new StatsdClient({ transport: new UDPTransport({ host: '127.0.0.1', port: 8125, format: 'dogstatsd' }) });
 * ```
 */
export class UDPTransport implements Transport, Channel {
  readonly #host: HostAddress;
  readonly #address: string;
  readonly #messages: Messages;
  /** The formats to choose from. Undefined if the app gave a format. */
  readonly #choice: { readonly tags: Format; readonly plain: Format } | undefined;
  #format: StatsdFormat;
  readonly #pace = new Pace();
  readonly #socket: ProbedSocket;
  readonly #origin: () => OriginFields;
  #hostProblem: string | undefined;
  #ending = false;

  /** @throws TypeError that names an option which can't be used. */
  constructor(options: UDPTransportOptions = {}) {
    const given = readLineOptions(options, OPTIONS, PLAIN_FORMAT);
    const { host = '127.0.0.1', port = 8125, format, maxMessageBytes = 1432, ...line } = given;
    this.#format = format ?? PLAIN_FORMAT;
    const plain = makeFormat(this.#format, line);
    this.#origin = originFields(line);
    this.#host = new HostAddress(host);
    this.#address = `${host.includes(':') ? `[${host}]` : host}:${port}`;
    this.#socket = new ProbedSocket(port);
    this.#messages = new Messages(plain, maxMessageBytes);
    this.#choice = format === undefined ? { plain, tags: makeFormat(TAGS_FORMAT, line) } : undefined;
  }

  get foldsTags(): boolean {
    return this.#messages.foldsTags;
  }

  open({ ending = false }: OpenOptions = {}): Channel | undefined {
    this.#ending = ending;
    const address = this.#host.current(!ending);
    this.#hostProblem = undefined;
    if (address === undefined) {
      const { looking, error } = this.#host;
      if (looking && !ending) return NOT_YET;
      this.#hostProblem = error?.message ?? 'the name was not looked up in time';
      return undefined;
    }
    const socket = this.#socket;
    if (!socket.connect(address, ending)) return socket.isConnecting && !ending ? CONNECTING : undefined;
    if (ending) {
      // If the app gave a format, there is no probe at the end: sent datagrams count as sent.
      if (this.#choice !== undefined && !socket.hearNow(FIRST_ANSWER_AT_END_MS)) return undefined;
    } else {
      if (socket.takeRefusal()) return undefined;
      this.#askIfDue();
    }
    this.#chooseFormat();
    return this;
  }

  interval(): number {
    // No look-up begins here, because Node.js would keep a short program alive until its end.
    const address = this.#host.current(false);
    const { inquiry } = this.#socket;
    if (address !== undefined && this.#socket.connect(address, false) && inquiry.isDue) this.#askIfDue();
    return inquiry.every ?? INTERVAL_MS;
  }

  wait(): number {
    if (this.#ending) return this.#pace.wait(true);
    if (!this.#socket.isReady) return PROBE_WAIT_MS;
    const answer = this.#choice === undefined ? 0 : this.#socket.inquiry.waitForAnswer(FIRST_ANSWER_MS);
    return answer > 0 ? Math.min(answer, PROBE_WAIT_MS) : this.#pace.wait(false);
  }

  keepsFraction(counter: CounterView, batch: Batch): boolean {
    return this.#messages.keepsFraction(counter, batch);
  }

  /** True if the receiver has answered a probe, because no other receiver does. */
  leadsToCollector(): boolean {
    return this.#socket.inquiry.every !== undefined;
  }

  repeatsGauges(): boolean {
    return this.#messages.repeatsGauges && this.leadsToCollector();
  }

  offer(batch: Batch, from: number): Offer {
    const socket = this.#socket;
    if (!socket.isReady && !this.#ending) return NOTHING.unavailable;
    return this.#messages.offer(batch, from, (text, bytes) => {
      if (!socket.isIdle) return 'full';
      const sent = socket.send(text);
      if (sent === 'ok') this.#pace.spend(bytes);
      return sent;
    });
  }

  readsEvents(): boolean {
    return this.#format === TAGS_FORMAT;
  }

  sendEvent(event: string): OfferState {
    const line = withOrigin(event, this.#origin());
    const bytes = Buffer.byteLength(line);
    if (bytes > MAX_EVENT_BYTES) return 'oversize';
    const socket = this.#socket;
    if (!socket.isReady && !this.#ending) return 'unavailable';
    if (!socket.isIdle || this.#pace.wait(this.#ending) > 0) return 'full';
    const sent = socket.send(line);
    if (sent === 'ok') this.#pace.spend(bytes);
    return sent;
  }

  close(): void {
    this.#socket.close();
    this.#hostProblem = undefined;
  }

  stats(): TransportStats {
    const counts = { ...this.#messages.counts, refusedDatagrams: this.#socket.refused };
    const name = `udp ${this.#address} (${this.#format})`;
    const problem = this.#hostProblem ?? this.#socket.problem;
    if (problem !== undefined) return { state: 'unavailable', detail: `${name}: ${problem}`, ...counts };
    return { state: this.#socket.isOpen ? 'open' : 'closed', detail: name, ...counts };
  }

  /** Probes a receiver again and again if it has answered before, or if its answer decides the format. */
  #askIfDue(): void {
    this.#socket.askIfDue(this.#choice !== undefined || this.#socket.inquiry.every !== undefined);
  }

  /** Chooses the format. Called only in `open`, so that `foldsTags` stays true for everything offered until the next `open`. */
  #chooseFormat(): void {
    if (this.#choice === undefined) return;
    const readsTags = this.#socket.inquiry.every !== undefined;
    this.#format = readsTags ? TAGS_FORMAT : PLAIN_FORMAT;
    this.#messages.format = readsTags ? this.#choice.tags : this.#choice.plain;
  }
}

// This channel has no `wait`, because as the second of a tee it must not delay the first.
const NOT_YET: Channel = {
  offer: () => NOTHING.full,
  readsEvents: () => true,
  sendEvent: () => 'full',
};
/** This channel has a `wait`, because connecting to an address takes only a turn or two of the event loop. */
const CONNECTING: Channel = { ...NOT_YET, wait: () => PROBE_WAIT_MS };
