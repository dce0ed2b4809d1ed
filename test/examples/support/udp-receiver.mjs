import { createSocket } from 'node:dgram';
import { once } from 'node:events';

const MARK = 'the end';

/** A StatsD server's socket, on a port that nobody else has. */
export class UdpReceiver {
  #socket = createSocket('udp4');
  #datagrams = [];

  static async open() {
    const receiver = new UdpReceiver();
    receiver.#socket.bind(0, '127.0.0.1');
    await once(receiver.#socket, 'listening');
    receiver.#socket.on('message', (datagram) => receiver.#datagrams.push(String(datagram)));
    return receiver;
  }

  get port() {
    return this.#socket.address().port;
  }

  /**
   * The lines that were sent so far. On loopback a datagram waits in the socket as soon as it was sent: so all of them have been
   * read when one's own has come back.
   */
  async lines() {
    this.#socket.send(MARK, this.port, '127.0.0.1');
    while (!this.#datagrams.includes(MARK)) await once(this.#socket, 'message');
    const received = this.#datagrams.splice(0).filter((datagram) => datagram !== MARK);
    // An empty datagram asks whether anybody listens.
    return received.filter((datagram) => datagram !== '').flatMap((datagram) => datagram.split('\n'));
  }

  close() {
    this.#socket.close();
  }
}
