import { type Socket, createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Address } from '../config/options.js';
import type { Log } from '../log.js';
import type { Receiver } from '../receiver.js';
import type { Input } from './input.js';
import { ProbeAnswers } from './probe-answers.js';
import { RECEIVE_BUFFER_BYTES, explain } from './udp-address.js';

/** Receives StatsD datagrams with Node's sockets, in the main thread, and answers empty ones. */
export class DgramInput implements Input {
  readonly #address: Address;
  readonly #receiver: Receiver;
  readonly #log: Log;
  readonly #answers = new ProbeAnswers();
  #socket: Socket | undefined;
  #datagrams = 0;

  constructor(address: Address, receiver: Receiver, log: Log) {
    this.#address = address;
    this.#receiver = receiver;
    this.#log = log;
  }

  set clientInterval(ms: number) {
    this.#answers.clientInterval = ms;
  }

  /** Rejects with an error that says what to do, for instance when the port is taken. */
  start(): Promise<void> {
    const { host, port } = this.#address;
    const socket = createSocket({
      type: isIPv6(host) ? 'udp6' : 'udp4',
      recvBufferSize: RECEIVE_BUFFER_BYTES,
    });
    this.#socket = socket;
    socket.on('message', (bytes, from) => {
      this.#datagrams++;
      if (bytes.length === 0) this.#answers.answer(socket, from);
      else this.#receiver.receiveFromUDP(bytes, from);
    });
    return new Promise((resolve, reject) => {
      socket.once('error', (error) => reject(explain(error, this.#address)));
      socket.bind({ port, address: host, exclusive: true }, () => {
        socket.removeAllListeners('error').on('error', (error) => this.#log.warn(`UDP: ${error.message}`));
        this.#log.info(`listening on UDP ${host}:${port}`);
        resolve();
      });
    });
  }

  /** Takes what has arrived already, for at most so many ms, and ends. */
  async stop(timeout: number): Promise<void> {
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket === undefined) return;
    const end = performance.now() + timeout;
    let before = -1;
    while (this.#datagrams !== before && performance.now() < end) {
      before = this.#datagrams;
      // The loop looks at its sockets between two turns.
      await nextTurn();
      await nextTurn();
    }
    await new Promise<void>((resolve) => {
      socket.close(() => resolve());
    });
  }
}
