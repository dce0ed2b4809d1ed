import { type Socket, createSocket } from 'node:dgram';
import { once } from 'node:events';
import { freePort } from './free-port.js';
import { eventually } from './until.js';

export interface UdpReceiverOptions {
  /** 127.0.0.1 by default, or ::1. */
  readonly address?: string;
  /** That of a receiver that was closed; any free one by default. */
  readonly port?: number;
  /** The size of the kernel's receive buffer, in bytes; its default by default. */
  readonly bufferBytes?: number;
  /** What it answers to an empty datagram, with which a client asks who listens; nothing by default, as StatsD servers. */
  readonly answer?: string | Uint8Array;
}

/** What asks for a mark that came back: nobody else sends it. */
const MARK = Buffer.from('\0mark\0');

/** A UDP socket, in a server's place, that keeps what it receives. */
export class UdpReceiver {
  /** Datagrams with something in them: probes are left out. */
  readonly messages: string[] = [];
  /** How many probes there were: datagrams with nothing in them. */
  probes = 0;
  /** What it answers to a probe from now on. */
  answer: string | Uint8Array | undefined;
  readonly port: number;
  readonly #address: string;
  readonly #socket: Socket;
  #marks = 0;
  #open = true;

  static async open({
    address = '127.0.0.1',
    port,
    bufferBytes,
    answer,
  }: UdpReceiverOptions = {}): Promise<UdpReceiver> {
    const bind = async (at: number): Promise<Socket> => {
      const socket = createSocket({
        type: address.includes(':') ? 'udp6' : 'udp4',
        ...(bufferBytes !== undefined && { recvBufferSize: bufferBytes }),
      });
      socket.bind(at, address);
      await once(socket, 'listening');
      return socket;
    };
    // Deno gives the port of a receiver back later than it is closed.
    const socket =
      port === undefined ? await bind(await freePort(address)) : await eventually(() => bind(port));
    const receiver = new UdpReceiver(socket, address);
    receiver.answer = answer;
    return receiver;
  }

  private constructor(socket: Socket, address: string) {
    this.#socket = socket;
    this.#address = address;
    this.port = socket.address().port;
    socket.on('message', (message, from) => {
      if (message.equals(MARK)) this.#marks++;
      else if (message.length > 0) this.messages.push(String(message));
      else {
        this.probes++;
        if (this.answer !== undefined) socket.send(this.answer, from.port, from.address);
      }
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
