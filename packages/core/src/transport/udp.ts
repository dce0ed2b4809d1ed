import { type Socket, createSocket } from 'node:dgram';
import type { LookupAddress } from 'node:dns';
import { isIPv6 } from 'node:net';
import type { Checks } from '../check/options.js';
import { integer } from '../check/rules.js';
import { setImmediate } from '../host/timers.js';
import type { DogstatsdOptions } from '../wire/dogstatsd.js';
import type { Batch } from '../wire/format.js';
import { type StatsdFormat, makeFormat } from '../wire/formats.js';
import { HostAddress } from './host-address.js';
import { readLineOptions } from './line-options.js';
import { Messages } from './messages.js';
import { Pace } from './pace.js';
import {
  type Channel,
  NOTHING,
  type Offer,
  type OpenOptions,
  type Transport,
  type TransportStats,
} from './transport.js';

/** Options of {@link UDPTransport}. */
export interface UDPTransportOptions extends DogstatsdOptions {
  /** A name, or an IPv4 or IPv6 address. Default 127.0.0.1. */
  readonly host?: string;
  /** Default 8125. */
  readonly port?: number;
  /** Default `etsy`, which every StatsD server reads. */
  readonly format?: StatsdFormat;
  /** The longest datagram, in bytes. Default 1432, which fits an Ethernet frame; up to 65,507. */
  readonly maxMessageBytes?: number;
}

/** How long to wait for the answer to a probe before looking again, in ms. */
const PROBE_WAIT = 2;
const DEFAULT_FORMAT: StatsdFormat = 'etsy';

const OPTIONS: Checks<Pick<UDPTransportOptions, 'host' | 'port'>> = {
  host: {
    must: 'be a host name or an IP address',
    accepts: (value) => typeof value === 'string' && (isIPv6(value) || /^[\w.-]+$/.test(value)),
  },
  port: integer(1, 65_535),
};

/**
 * Sends to a StatsD server over UDP.
 *
 * A datagram that the kernel has taken counts as sent; what becomes of it is known only if the peer's host refuses it. So
 * before the first one, and after each refusal, an empty datagram asks whether anybody listens: StatsD servers ignore it.
 * Until then everything stays pending. Datagrams are paced, so that a default receive buffer isn't overrun.
 *
 * @example
 * ```js
 * const { StatsdClient, UDPTransport } = require('@afstatsd/core');
 * const statsd = new StatsdClient({ transport: new UDPTransport({ host: '127.0.0.1', port: 8125, format: 'dogstatsd' }) });
 * ```
 */
export class UDPTransport implements Transport, Channel {
  readonly #host: HostAddress;
  readonly #name: string;
  readonly #port: number;
  readonly #messages: Messages;
  readonly #pace = new Pace();
  #socket: Socket | undefined;
  #connectedTo: LookupAddress | undefined;
  /** `asked`: a probe is under way. `refused`: the last one came back. */
  #state: 'closed' | 'asked' | 'refused' | 'open' = 'closed';
  #problem: string | undefined;
  #ending = false;
  #refused = 0;

  /** @throws TypeError that names the option, for one that can't be used. */
  constructor(options: UDPTransportOptions = {}) {
    const given = readLineOptions(options, OPTIONS, DEFAULT_FORMAT);
    const {
      host = '127.0.0.1',
      port = 8125,
      format = DEFAULT_FORMAT,
      maxMessageBytes = 1432,
      ...line
    } = given;
    this.#host = new HostAddress(host);
    this.#name = `udp ${host.includes(':') ? `[${host}]` : host}:${port} (${format})`;
    this.#port = port;
    this.#messages = new Messages(makeFormat(format, line), maxMessageBytes);
  }

  get foldsTags(): boolean {
    return this.#messages.foldsTags;
  }

  open({ ending = false }: OpenOptions = {}): Channel | undefined {
    this.#ending = ending;
    const address = this.#host.current(!ending);
    if (address === undefined) {
      const { looking, error } = this.#host;
      if (looking && !ending) return LOOKING_UP;
      this.#problem = `${this.#name}: ${error?.message ?? 'the name was not looked up in time'}`;
      return undefined;
    }
    if (address.address !== this.#connectedTo?.address) this.#connect(address);
    if (this.#state === 'refused' && !ending) {
      this.#state = 'closed'; // said once; the next time, ask again
      return undefined;
    }
    if (this.#socket === undefined) return undefined;
    if (this.#state === 'closed' && !ending) this.#ask();
    return this;
  }

  wait(): number {
    if (this.#state !== 'open' && !this.#ending) return PROBE_WAIT;
    return this.#pace.wait(this.#ending);
  }

  offer(batch: Batch, from: number): Offer {
    const socket = this.#socket;
    if (socket === undefined || (this.#state !== 'open' && !this.#ending)) return NOTHING.unavailable;
    return this.#messages.offer(batch, from, (text, bytes) => {
      if (socket.getSendQueueCount() > 0) return 'full';
      // Connected, so it leaves at once, and also in a listener of `exit`.
      socket.send(text, this.#sent);
      this.#pace.spend(bytes);
      return 'ok';
    });
  }

  close(): void {
    this.#disconnect();
    this.#state = 'closed';
    this.#problem = undefined;
  }

  stats(): TransportStats {
    const counts = { ...this.#messages.counts, refusedDatagrams: this.#refused };
    if (this.#problem !== undefined) return { state: 'unavailable', detail: this.#problem, ...counts };
    return { state: this.#state === 'open' ? 'open' : 'closed', detail: this.#name, ...counts };
  }

  #connect(address: LookupAddress): void {
    this.#disconnect();
    this.#state = 'closed';
    this.#connectedTo = address;
    const socket = createSocket({
      type: address.family === 6 ? 'udp6' : 'udp4',
      // The address is known: with a look-up that answers at once, connecting is synchronous.
      lookup: (host, family, callback) => callback(null, host, Number(family)),
    });
    socket.unref();
    // What is refused while a probe is under way is the probe.
    let connected = false;
    socket.on('error', (error) => {
      this.#lost(error, connected && this.#state !== 'asked' ? 1 : 0);
      // One that could not be bound or connected never will be: the next flush makes another.
      if (!connected && this.#socket === socket) this.#disconnect();
    });
    this.#socket = socket;
    socket.connect(this.#port, address.address);
    try {
      socket.remoteAddress(); // throws if it isn't connected; why, its error event says
      connected = true;
    } catch {
      this.#state = 'refused';
    }
  }

  #disconnect(): void {
    this.#socket
      ?.removeAllListeners('error')
      .on('error', () => {})
      .close();
    this.#socket = undefined;
    this.#connectedTo = undefined;
  }

  /** Sends an empty datagram. If none comes back within two turns of the event loop, somebody listens, or nobody says otherwise. */
  #ask(): void {
    this.#state = 'asked';
    this.#socket?.send('', this.#probed);
    const pass = (): void => {
      if (this.#state !== 'asked') return;
      this.#state = 'open';
      this.#problem = undefined;
    };
    setImmediate(() => setImmediate(pass));
  }

  // That a datagram was refused is told when the next one is to be sent, which then isn't: these are two.
  readonly #sent = (error: Error | null): void => {
    if (error !== null) this.#lost(error, isRefusal(error) ? 2 : 1);
  };

  readonly #probed = (error: Error | null): void => {
    if (error !== null) this.#lost(error, isRefusal(error) ? 1 : 0);
  };

  #lost(error: Error, datagrams: number): void {
    this.#refused += datagrams;
    this.#state = this.#state === 'asked' ? 'refused' : 'closed';
    this.#problem = `${this.#name}: ${explain(error)}`;
  }
}

function isRefusal(error: Error): boolean {
  return (error as { code?: unknown }).code === 'ECONNREFUSED';
}

function explain(error: Error): string {
  return isRefusal(error) ? 'nobody listens there (ECONNREFUSED)' : error.message;
}

// Without a wait of its own: as the second of a tee it must not hold up the first.
const LOOKING_UP: Channel = { offer: () => NOTHING.full };
