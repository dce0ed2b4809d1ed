import { type Socket, createSocket } from 'node:dgram';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Log } from '../log.js';
import type { Receiver } from '../receiver.js';
import type { ListenAddress } from './listen-address.js';
import { explain, isMissing } from './listen-failure.js';
import { ProbeAnswers } from './probe-answers.js';

/** Receives StatsD datagrams with Node's sockets, in the main thread, and answers empty ones. */
export class DgramInput {
  readonly #addresses: readonly ListenAddress[];
  readonly #receiveBufferBytes: number;
  readonly #receiver: Receiver;
  readonly #log: Log;
  readonly #answers = new ProbeAnswers();
  #sockets: Socket[] = [];
  #datagrams = 0;

  /** @param receiveBufferBytes - the size of the buffer that the kernel is asked for, for each socket. */
  constructor(addresses: readonly ListenAddress[], receiveBufferBytes: number, receiver: Receiver, log: Log) {
    this.#addresses = addresses;
    this.#receiveBufferBytes = receiveBufferBytes;
    this.#receiver = receiver;
    this.#log = log;
  }

  /** How often clients are to send, in ms. */
  set clientInterval(ms: number) {
    this.#answers.clientInterval = ms;
  }

  /**
   * Resolves to the indices of optional addresses that this machine doesn't have. Rejects with an error that says what to do, for
   * instance when a port is taken. No socket stays open then.
   */
  async start(): Promise<number[]> {
    const missing: number[] = [];
    try {
      for (const [place, listen] of this.#addresses.entries()) {
        const error = await this.#open(listen);
        if (error === undefined) continue;
        missing.push(place);
        const isLast = missing.length === this.#addresses.length;
        if (!listen.isOptional || !isMissing(error.code) || isLast) throw explain(error, 'UDP', listen.shown);
      }
      return missing;
    } catch (error) {
      await this.#close();
      throw error;
    }
  }

  /** Takes the datagrams that have arrived already, and ends. `timeout` is the longest time for this, in ms. */
  async stop(timeout: number): Promise<void> {
    const end = performance.now() + timeout;
    let before = -1;
    while (this.#sockets.length > 0 && this.#datagrams !== before && performance.now() < end) {
      before = this.#datagrams;
      // Node's event loop reads its sockets between two turns.
      await nextTurn();
      await nextTurn();
    }
    await this.#close();
  }

  /** Opens a socket on an address. Resolves to an error if that fails. */
  #open({ address, family, port }: ListenAddress): Promise<NodeJS.ErrnoException | undefined> {
    const socket = createSocket({
      type: family === 6 ? 'udp6' : 'udp4',
      recvBufferSize: this.#receiveBufferBytes,
    });
    socket.on('message', (bytes, from) => {
      this.#datagrams++;
      if (bytes.length === 0) this.#answers.answer(socket, from);
      else this.#receiver.receiveFromUDP(bytes, from);
    });
    return new Promise((resolve) => {
      socket.once('error', (error) => {
        socket.close();
        resolve(error);
      });
      socket.bind({ port, address, exclusive: true }, () => {
        socket.removeAllListeners('error').on('error', (error) => this.#log.warn(`UDP: ${error.message}`));
        this.#sockets.push(socket);
        resolve(undefined);
      });
    });
  }

  async #close(): Promise<void> {
    const sockets = this.#sockets;
    this.#sockets = [];
    await Promise.all(
      sockets.map(
        (socket) =>
          new Promise<void>((resolve) => {
            socket.close(() => resolve());
          }),
      ),
    );
  }
}
