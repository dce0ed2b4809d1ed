import type { Socket, SocketOptions } from 'node:dgram';
import type { LookupAddress } from 'node:dns';
import { readSync } from 'node:fs';
import { loadDgram } from '../host/builtin.js';
import { now } from '../host/clock.js';
import { closeSocket, closeWhenGone, makeOutside, noteClosed, weakly } from '../host/node-realm.js';
import { RUNTIME } from '../host/runtime.js';
import { connectFailure, descriptorOf } from './socket-handle.js';

/** How long a runtime may take to connect a socket to an address, in ms. */
const CONNECT_MS = 2_000;

/** The owner of a `RuntimeSocket`, which handles its events. */
export interface SocketOwner {
  /** Called with a received datagram. */
  readonly heard: (datagram: Buffer) => void;
  /** Called with an error of the socket that belongs to no datagram. */
  readonly failed: (error: Error) => void;
  /** Called when a datagram couldn't be sent. */
  readonly notSent: (error: Error) => void;
  /** Called when a probe couldn't be sent. */
  readonly notProbed: (error: Error) => void;
}

/** A UDP socket of the runtime, connected to an address. Bun connects it later, and Deno sends later. */
export class RuntimeSocket {
  readonly #address: LookupAddress;
  readonly #port: number;
  readonly #owner: SocketOwner;
  readonly #socket: Socket;
  #isConnected = false;
  /** When to stop waiting for the connection, in ms of `now()`. */
  #connectingUntil = 0;
  /** Datagrams that the runtime has taken and not sent yet. Only for runtimes without a count of their own. */
  #underWay = 0;

  constructor(address: LookupAddress, port: number, owner: SocketOwner) {
    this.#address = address;
    this.#port = port;
    this.#owner = owner;
    const type = address.family === 6 ? 'udp6' : 'udp4';
    const socket = makeOutside(() => loadDgram().createSocket({ type, lookup: weakly(lookUpAddress) }));
    socket.unref();
    socket.on('error', weakly(this.#failed));
    socket.on('connect', weakly(this.#connected));
    socket.on('listening', weakly(this.#lookWhetherConnected));
    socket.on('message', weakly(this.#heard));
    closeWhenGone(this, closeSocket, socket, socket);
    this.#socket = socket;
  }

  get isConnected(): boolean {
    return this.#isConnected;
  }

  /** Whether the kernel has taken all that was sent. */
  get isIdle(): boolean {
    const socket: Partial<Pick<Socket, 'getSendQueueCount'>> = this.#socket;
    return (socket.getSendQueueCount?.() ?? this.#underWay) === 0; // Deno has no such count
  }

  /** Whether the runtime may say later that the socket is connected, or why it isn't: Bun does, within a moment. */
  get mayConnect(): boolean {
    return RUNTIME === 'bun' && !this.#isConnected;
  }

  /** Whether to go on waiting for the connection. */
  get isConnecting(): boolean {
    return this.mayConnect && now() < this.#connectingUntil;
  }

  /** Connects the socket. If it can't be bound, `failed` is called before this returns. Deno throws without --allow-net. */
  connect(): void {
    this.#connectingUntil = now() + CONNECT_MS;
    this.#socket.connect(this.#port, this.#address.address);
    if (isConnected(this.#socket)) this.#isConnected = true;
  }

  /** The reason why it isn't connected, for people. */
  get failure(): string {
    return connectFailure(this.#socket, this.#port, this.#address.address);
  }

  send(text: string): void {
    this.#underWay++;
    this.#socket.send(text, this.#sent);
  }

  /** Sends an empty datagram. */
  probe(): void {
    this.#underWay++;
    this.#socket.send('', this.#probed);
  }

  /** A function that reads a datagram synchronously. Undefined on a runtime that hides its descriptors. */
  get reader(): ((into: Uint8Array) => number) | undefined {
    const fd = descriptorOf(this.#socket);
    return fd === undefined ? undefined : (into) => readSync(fd, into);
  }

  close(): void {
    noteClosed(this.#socket);
    this.#socket
      .removeAllListeners('error')
      .removeAllListeners('connect')
      .removeAllListeners('listening')
      .removeAllListeners('message')
      .on('error', () => {})
      .close();
  }

  readonly #connected = (): void => {
    this.#isConnected = true;
  };

  /**
   * Checks at `listening`, because Bun emits `connect` by `process.nextTick`, which fake timers replace. By then it is connected.
   */
  readonly #lookWhetherConnected = (): void => {
    if (this.mayConnect && isConnected(this.#socket)) this.#isConnected = true;
  };

  readonly #heard = (datagram: Buffer): void => this.#owner.heard(datagram);

  readonly #failed = (error: Error): void => this.#owner.failed(error);

  readonly #sent = (error: Error | null): void => {
    this.#underWay--;
    if (error !== null) this.#owner.notSent(error);
  };

  readonly #probed = (error: Error | null): void => {
    this.#underWay--;
    if (error !== null) this.#owner.notProbed(error);
  };
}

/** A look-up that answers at once, because the address is known. It makes connecting synchronous. */
const lookUpAddress: NonNullable<SocketOptions['lookup']> = (host, family, callback) =>
  callback(null, host, Number(family));

function isConnected(socket: Socket): boolean {
  try {
    socket.remoteAddress();
    return true;
  } catch {
    return false;
  }
}
