import { type Socket, createSocket } from 'node:dgram';
import { once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Arrivals } from './arrivals.js';

/** What the kernel is asked to hold for a busy while, in bytes; it gives what it allows. */
const RECEIVE_BUFFER = 4 * 1024 * 1024;

/** A StatsD server of the demo's own, to which the collector forwards: what arrives here went all the way. */
export class Forwarded {
  readonly #socket: Socket;
  readonly #arrivals = new Arrivals();
  #datagrams = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('message', (datagram) => {
      this.#datagrams++;
      // An empty one only asks whether anybody listens.
      if (datagram.length > 0) this.#arrivals.add(datagram);
    });
  }

  static async listen(): Promise<Forwarded> {
    const socket = createSocket({ type: 'udp4', recvBufferSize: RECEIVE_BUFFER });
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new Forwarded(socket);
  }

  /** For the collector's `--forward`. */
  get url(): string {
    return `udp://127.0.0.1:${this.#socket.address().port}?format=dogstatsd`;
  }

  /** All that has arrived. Call it after the collector has ended: what it sent is in this socket then. */
  async all(): Promise<Arrivals> {
    for (let before = -1; before !== this.#datagrams;) {
      before = this.#datagrams;
      // The event loop looks at its sockets between two turns.
      await nextTurn();
      await nextTurn();
    }
    return this.#arrivals;
  }
}
