import { type Socket, connect } from 'node:net';
import { once } from 'node:events';
import { until } from '@afstatsd/testing';

/** A client that says what it likes, and leaves when it likes. */
export class Wire {
  received = '';
  readonly socket: Socket;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => (this.received += chunk));
    // Being reset by the server is nothing unusual here.
    socket.on('error', () => {});
  }

  static async connect(url: string): Promise<Wire> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    return new Wire(socket);
  }

  send(method: string, path: string, body = '', headers: Readonly<Record<string, string>> = {}): void {
    const all = {
      host: 'localhost',
      ...(body !== '' && { 'content-length': String(body.length) }),
      ...headers,
    };
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
    this.socket.write(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`);
  }

  async receives(text: string): Promise<void> {
    await until(`the client got ${text}`, () => this.received.includes(text));
  }

  /** The connection has ended, also by a reset. */
  async closed(): Promise<void> {
    if (!this.socket.closed) await new Promise<void>((resolve) => this.socket.once('close', () => resolve()));
  }

  /** Leaves without a word. */
  leave(): void {
    this.socket.destroy();
  }

  /** Leaves with a TCP reset. */
  reset(): void {
    this.socket.resetAndDestroy();
  }
}
