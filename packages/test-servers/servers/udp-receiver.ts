import { type Socket, createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach } from 'mocha';
import { freePort } from './free-port.js';

const open = new Set<UdpReceiver>();

/** A UDP socket that keeps what it receives. It is closed after the test. */
export class UdpReceiver {
  /** Datagrams with something in them: probes are left out. */
  readonly messages: string[] = [];
  readonly port: number;
  readonly #socket: Socket;

  /** @param address - 127.0.0.1 by default, or ::1. */
  static async open(address = '127.0.0.1'): Promise<UdpReceiver> {
    const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
    socket.bind(await freePort(), address);
    await once(socket, 'listening');
    return new UdpReceiver(socket);
  }

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.port = socket.address().port;
    socket.on('message', (message) => message.length > 0 && this.messages.push(String(message)));
    open.add(this);
  }

  get lines(): string[] {
    return this.messages.flatMap((message) => message.split('\n'));
  }

  close(): void {
    if (open.delete(this)) this.#socket.close();
  }
}

afterEach(() => {
  for (const receiver of open) receiver.close();
});
