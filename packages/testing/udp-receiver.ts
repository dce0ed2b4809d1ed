import { type Socket, createSocket } from 'node:dgram';
import { once } from 'node:events';
import { freePort } from './free-port.js';

export interface UdpReceiverOptions {
  /** 127.0.0.1 by default, or ::1. */
  readonly address?: string;
  /** The size of the kernel's receive buffer, in bytes; its default by default. */
  readonly bufferBytes?: number;
}

/** What asks for a mark that came back: nobody else sends it. */
const MARK = Buffer.from('\0mark\0');

/** A UDP socket, in a server's place, that keeps what it receives. */
export class UdpReceiver {
  /** Datagrams with something in them: probes are left out. */
  readonly messages: string[] = [];
  readonly port: number;
  readonly #address: string;
  readonly #socket: Socket;
  #marks = 0;
  #open = true;

  static async open({ address = '127.0.0.1', bufferBytes }: UdpReceiverOptions = {}): Promise<UdpReceiver> {
    const socket = createSocket({
      type: address.includes(':') ? 'udp6' : 'udp4',
      ...(bufferBytes !== undefined && { recvBufferSize: bufferBytes }),
    });
    socket.bind(await freePort(address), address);
    await once(socket, 'listening');
    return new UdpReceiver(socket, address);
  }

  private constructor(socket: Socket, address: string) {
    this.#socket = socket;
    this.#address = address;
    this.port = socket.address().port;
    socket.on('message', (message) => {
      if (message.equals(MARK)) this.#marks++;
      else if (message.length > 0) this.messages.push(String(message));
    });
  }

  get lines(): string[] {
    return this.messages.flatMap((message) => message.split('\n'));
  }

  /**
   * Waits until all that was sent to it before has been read. On the loopback interface a datagram waits in the socket as soon
   * as it was sent: so the others have been read when one's own has come back.
   */
  async readAll(): Promise<void> {
    const before = this.#marks;
    this.#socket.send(MARK, this.port, this.#address);
    while (this.#marks === before) await once(this.#socket, 'message');
  }

  /** It listens no more, as a server that has ended. */
  close(): void {
    if (this.#open) this.#socket.close();
    this.#open = false;
  }
}
