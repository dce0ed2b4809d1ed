import { once } from 'node:events';
import { type Socket, connect } from 'node:net';
import { until } from '@afstatsd/testing';

/** A client that writes what it wants. */
export class Connection {
  readonly socket: Socket;
  #received = '';

  private constructor(port: number) {
    this.socket = connect(port, '127.0.0.1');
    this.socket.setEncoding('latin1');
    this.socket.on('data', (text: string) => void (this.#received += text));
    // A server that destroys it is what some tests are about.
    this.socket.on('error', () => {});
  }

  static async to({ port }: { readonly port: number }): Promise<Connection> {
    const connection = new Connection(port);
    await once(connection.socket, 'connect');
    return connection;
  }

  /** Sends a request, each line of whose head is given. */
  send(lines: readonly string[], body = ''): void {
    this.socket.write([...lines, 'Host: localhost', '', body].join('\r\n'));
  }

  /** How many answers have come. */
  get answers(): number {
    return this.#received.split('HTTP/1.1 ').length - 1;
  }

  async received(text: string): Promise<void> {
    await until(`the client receives ${text}`, () => this.#received.includes(text));
  }
}
