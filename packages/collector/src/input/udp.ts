import { type Address, describeAddress } from '../config/address.js';
import type { Log } from '../log.js';
import type { Receiver } from '../receiver.js';
import { DatagramThread, PortFailure, Unavailable } from './datagram-thread.js';
import type { Input } from './input.js';
import { isKnownLayout } from './libc.js';
import { type ListenAddress, resolve } from './listen-address.js';
import { explain } from './listen-failure.js';
import { DgramInput } from './udp-dgram.js';

/** The receive buffer that the kernel is asked for, in bytes, so that a burst finds room. The kernel may give less. */
const RECEIVE_BUFFER_BYTES = 8 * 1024 * 1024;
/** A kind of warnings. The log counts the warnings of each kind. */
const DROPPED = 'UDP: the kernel has dropped datagrams';

/**
 * Receives StatsD datagrams on one or more addresses, and answers empty ones. On 64-bit Linux its own thread reads and decodes
 * them, many with a call. Node's sockets in the main thread read them on other systems, and without threads or koffi.
 */
export class UDPInput implements Input {
  readonly #addresses: readonly Address[];
  readonly #receiver: Receiver;
  readonly #log: Log;
  readonly #thread: DatagramThread;
  #fallback: DgramInput | undefined;

  /**
   * @param addresses - where to listen. `localhost` is both loopbacks, as far as the machine has them.
   * @param onFailure - called when a started reader can't go on. Default: a function that does nothing.
   */
  constructor(
    addresses: readonly Address[],
    receiver: Receiver,
    log: Log,
    onFailure: (error: Error) => void = () => {},
  ) {
    this.#addresses = addresses;
    this.#receiver = receiver;
    this.#log = log;
    this.#thread = new DatagramThread({
      receiver,
      input: 'udp',
      onFailure: ({ message }) => {
        const where = addresses.map(describeAddress).join(', ');
        onFailure(new Error(`UDP ${where} can't be read any more: ${message}`));
      },
      onDropped: (datagrams) => this.#dropped(datagrams),
    });
  }

  set clientInterval(ms: number) {
    this.#thread.clientInterval = ms;
    if (this.#fallback !== undefined) this.#fallback.clientInterval = ms;
  }

  /** Rejects with an error that says what to do, for instance when a port is taken. */
  async start(): Promise<void> {
    const listen = await resolve(this.#addresses, (error, address) => explain(error, 'UDP', address));
    let missing: readonly number[];
    try {
      missing = await this.#startThread(listen);
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      if (error.message !== '')
        this.#log.info(`UDP is read in the main thread, which takes more CPU time: ${error.message}`);
      const fallback = new DgramInput(listen, RECEIVE_BUFFER_BYTES, this.#receiver, this.#log);
      fallback.clientInterval = this.#thread.clientInterval;
      missing = await fallback.start();
      this.#fallback = fallback;
    }
    for (const [place, { shown }] of listen.entries()) {
      const text = describeAddress(shown);
      this.#log.info(
        missing.includes(place)
          ? `UDP ${text} is left out, because this machine has no such address`
          : `listening on UDP ${text}`,
      );
    }
  }

  /** Takes the datagrams that have arrived already, and ends. `timeout` is the longest time for this, in ms. */
  async stop(timeout: number): Promise<void> {
    await this.#fallback?.stop(timeout);
    await this.#thread.stop(timeout);
  }

  async #startThread(listen: readonly ListenAddress[]): Promise<readonly number[]> {
    // An address with `%` names a network interface. Only Node's sockets look its number up.
    if (!isKnownLayout() || listen.some(({ address }) => address.includes('%'))) throw new Unavailable();
    const receiveBufferBytes = RECEIVE_BUFFER_BYTES;
    try {
      const missing = await this.#thread.start({
        ports: listen.map(({ address, family, port }) => ({ address, family, port, receiveBufferBytes })),
        optional: [...listen.keys()].filter((place) => listen[place]!.isOptional),
        gathers: true,
      });
      this.#receiver.countsUdpDrops = true;
      return missing;
    } catch (error) {
      throw error instanceof PortFailure ? explain(error, 'UDP', listen[error.port]!.shown) : error;
    }
  }

  #dropped(datagrams: number): void {
    this.#receiver.udpDropped += datagrams;
    this.#log.warn(
      `UDP: the kernel has dropped ${datagrams} datagrams, because they came faster than they were read. Raise net.core.rmem_max (sysctl -w net.core.rmem_max=${RECEIVE_BUFFER_BYTES}), and start the collector again`,
      DROPPED,
    );
  }
}
