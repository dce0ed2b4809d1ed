import { constants } from 'node:os';
import type { Sender } from '../receiver.js';
import { libc } from './libc.js';
import {
  AF_INET6,
  AF_UNIX,
  LONGEST_ADDRESS_BYTES,
  type PortAddress,
  familyOf,
  numberOffset,
  writeAddress,
} from './port-address.js';
import { SocketFile, type SocketFileOptions } from './socket-file.js';

/** The most datagrams that one call takes. */
const BATCH = 128;
/** Room for the largest datagram of UDP, in bytes, so that none is cut. */
const ROOM_BYTES = 65_536;
/** Sizes of the kernel's structures on 64-bit Linux, in bytes. */
const MSGHDR_BYTES = 64;
const IOVEC_BYTES = 16;
const MEMINFO_WORDS = 9;
/** A datagram's header, in words of 4 bytes: its size, and the places of the address' length, the flags and the data's length. */
const HEADER_WORDS = MSGHDR_BYTES / 4;
const ADDRESS_WORD = 2;
const FLAGS_WORD = 12;
const LENGTH_WORD = 14;
/** The size of an IPv6 address, the longest over UDP, in words of 4 bytes. */
const ADDRESS_WORDS = 7;

const SOCK_DGRAM = 2;
const SOCK_CLOEXEC = 0o2_000_000;
const SOCK_NONBLOCK = 0o4000;
const SOL_SOCKET = 1;
const SO_RCVBUF = 8;
const SO_RCVBUFFORCE = 33;
const SO_MEMINFO = 55;
const MSG_TRUNC = 0x20;
const MSG_DONTWAIT = 0x40;
const MSG_NOSIGNAL = 0x4000;
const { EAGAIN, EINTR } = constants.errno;

/** The address that a socket listens on, with its options. */
export type PortOptions =
  | (Exclude<PortAddress, { family: 'unix' }> & {
      /** The size of the receive buffer that the kernel is asked for, in bytes. */
      readonly receiveBufferBytes: number;
    })
  | ({ readonly family: 'unix' } & SocketFileOptions);

/** The kernel's account of a socket. */
export interface PortMemory {
  /** The kernel memory that waiting datagrams take, and the most that they may take, in bytes. */
  readonly waiting: number;
  readonly room: number;
  /** Datagrams that found no room, since the socket was opened. */
  readonly dropped: number;
}

/**
 * A socket for datagrams, UDP or UNIX. It is read with libc's `recvmmsg`, which takes many datagrams a call. The runtime doesn't
 * know its descriptor.
 */
export class DatagramPort {
  /** The most datagrams that one `receive` takes. */
  static readonly BATCH: number = BATCH;
  readonly #libc = libc();
  readonly #options: PortOptions;
  readonly #family: number;
  /** The file of a UNIX socket. Undefined for UDP. */
  readonly #file: SocketFile | undefined;
  #fd: number;
  /** The memory that calls read and write, and its address. */
  readonly #memory: ArrayBuffer;
  readonly #at: number;
  /** Offsets in the memory, in bytes. */
  readonly #place: Readonly<
    Record<'blocks' | 'headers' | 'iovecs' | 'addresses' | 'option' | 'answer', number>
  >;
  /** The headers of the datagrams, in words of 4 bytes, 16 each. */
  readonly #headers: Uint32Array;
  /** The addresses of their senders, in words. */
  readonly #addresses: Uint32Array;
  /** The last result of `senderOf`, and its address. It is kept, because most lines have the sender of the line before. */
  #sender: Sender | undefined;
  readonly #senderWords = new Uint32Array(ADDRESS_WORDS);
  /** All datagrams, one after the other. */
  readonly bytes: Buffer;

  /** @throws PortError if the socket can't be bound to the address. Throws koffi's own error if koffi can't be loaded. */
  constructor(options: PortOptions) {
    this.#options = options;
    this.#family = familyOf(options);
    this.#file = options.family === 'unix' ? new SocketFile(options) : undefined;
    const place = { blocks: 0, headers: 0, iovecs: 0, addresses: 0, option: 0, answer: 0 };
    place.headers = BATCH * ROOM_BYTES;
    place.iovecs = place.headers + BATCH * MSGHDR_BYTES;
    place.addresses = place.iovecs + BATCH * IOVEC_BYTES;
    place.option = place.addresses + BATCH * LONGEST_ADDRESS_BYTES;
    place.answer = place.option + LONGEST_ADDRESS_BYTES;
    this.#place = place;
    const { memory, at } = this.#libc.allocate(place.answer + 256);
    this.#memory = memory;
    this.#at = at;
    this.bytes = Buffer.from(this.#memory, 0, BATCH * ROOM_BYTES);
    this.#headers = new Uint32Array(this.#memory, place.headers, (BATCH * MSGHDR_BYTES) / 4);
    this.#addresses = new Uint32Array(this.#memory, place.addresses, (BATCH * LONGEST_ADDRESS_BYTES) / 4);
    this.#layOut();
    this.#fd = this.#open();
  }

  get descriptor(): number {
    return this.#fd;
  }

  /** Whether senders still find the socket. Somebody may have removed the file of a UNIX socket. */
  get canBeFound(): boolean {
    return this.#file?.isThere ?? true;
  }

  /** Replaces the socket after its file has gone. @throws PortError if the new socket can't be made. */
  reopen(): void {
    const fd = this.#open();
    this.#libc.close(this.#fd);
    this.#fd = fd;
  }

  /** Removes the socket's file, so that no new sender finds it. Datagrams that were sent before can still be read. */
  hide(): void {
    this.#file?.remove();
  }

  /** Takes waiting datagrams, and returns their number. Each one stays in `bytes` until the next call. */
  receive(): number {
    if (this.#family === AF_UNIX) this.#expectAddresses();
    for (;;) {
      const count = this.#libc.recvmmsg(this.#fd, this.#at + this.#place.headers, BATCH, MSG_DONTWAIT, 0);
      if (count >= 0) return count;
      const errno = this.#libc.errno();
      if (errno === EAGAIN) return 0;
      // The kernel reports a lost network or a refused answer once, as an error of the socket. The socket works on.
      if (errno !== EINTR && !isPassing(errno)) this.#libc.fail('recvmmsg');
    }
  }

  /** Where a datagram begins in `bytes`. */
  startOf(datagram: number): number {
    return datagram * ROOM_BYTES;
  }

  /** How long a datagram is, in bytes. */
  lengthOf(datagram: number): number {
    return this.#headers[datagram * HEADER_WORDS + LENGTH_WORD]!;
  }

  /** Whether a datagram was longer than its room, so that its end is lost. Only a UNIX socket takes such a long datagram. */
  isCut(datagram: number): boolean {
    return (this.#headers[datagram * HEADER_WORDS + FLAGS_WORD]! & MSG_TRUNC) !== 0;
  }

  /** The sender of a UDP datagram. Undefined for a UNIX socket. */
  senderOf(datagram: number): Sender | undefined {
    if (this.#family === AF_UNIX) return undefined;
    const word = (datagram * LONGEST_ADDRESS_BYTES) / 4;
    if (
      this.#sender !== undefined &&
      this.#senderWords.every((known, at) => known === this.#addresses[word + at])
    )
      return this.#sender;
    for (let at = 0; at < ADDRESS_WORDS; at++) this.#senderWords[at] = this.#addresses[word + at]!;
    return (this.#sender = this.#newSender(datagram));
  }

  #newSender(datagram: number): Sender {
    const from = this.#place.addresses + datagram * LONGEST_ADDRESS_BYTES;
    const text = new Uint8Array(64);
    const number = this.#at + from + numberOffset(this.#family === AF_INET6);
    const address = this.#libc.inetNtop(this.#family, number, text, text.length) ?? '?';
    return { address, port: new DataView(this.#memory).getUint16(from + 2) };
  }

  /** Whether the sender of a datagram has an address to which an answer could go. */
  isAnswerable(datagram: number): boolean {
    const from = this.#place.addresses + datagram * LONGEST_ADDRESS_BYTES;
    // A UNIX socket that isn't bound has no name, and only a forged datagram comes from port 0.
    if (this.#family === AF_UNIX) return this.#addressBytesOf(datagram) > 2;
    return new DataView(this.#memory).getUint16(from + 2) !== 0;
  }

  /** Answers the sender of a datagram. An answer that can't be sent at once is dropped. */
  answer(datagram: number, bytes: Uint8Array): void {
    const { answer, addresses } = this.#place;
    new Uint8Array(this.#memory, answer, bytes.length).set(bytes);
    this.#libc.sendto(
      this.#fd,
      this.#at + answer,
      bytes.length,
      MSG_DONTWAIT | MSG_NOSIGNAL,
      this.#at + addresses + datagram * LONGEST_ADDRESS_BYTES,
      this.#addressBytesOf(datagram),
    );
  }

  /** The memory in use and the number of dropped datagrams; undefined if the kernel doesn't report them. */
  memory(): PortMemory | undefined {
    const { option } = this.#place;
    const words = new Uint32Array(this.#memory, option, MEMINFO_WORDS + 1);
    words[MEMINFO_WORDS] = MEMINFO_WORDS * 4;
    const at = this.#at + option;
    // SO_MEMINFO works even while no datagram comes, unlike SO_RXQ_OVFL.
    if (this.#libc.getsockopt(this.#fd, SOL_SOCKET, SO_MEMINFO, at, at + MEMINFO_WORDS * 4) < 0)
      return undefined;
    return { waiting: words[0]!, room: words[1]!, dropped: words[8]! };
  }

  close(): void {
    this.#libc.close(this.#fd);
  }

  #open(): number {
    const fd = this.#libc.socket(this.#family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) this.#libc.fail('socket');
    try {
      if (this.#options.family === 'unix') this.#file!.bind(fd);
      else {
        this.#setReceiveBuffer(fd, this.#options.receiveBufferBytes);
        this.#bind(fd, this.#options);
      }
      return fd;
    } catch (error) {
      this.#libc.close(fd);
      throw error;
    }
  }

  /** Lays out one header for each datagram, with one block and room for its sender's address. */
  #layOut(): void {
    const { headers, iovecs, addresses } = this.#place;
    const view = new DataView(this.#memory);
    const put = (offset: number, value: number): void => view.setBigUint64(offset, BigInt(value), true);
    for (let i = 0; i < BATCH; i++) {
      put(iovecs + i * IOVEC_BYTES, this.#at + i * ROOM_BYTES);
      put(iovecs + i * IOVEC_BYTES + 8, ROOM_BYTES);
      const header = headers + i * MSGHDR_BYTES;
      new Uint8Array(this.#memory, header, MSGHDR_BYTES).fill(0);
      put(header, this.#at + addresses + i * LONGEST_ADDRESS_BYTES);
      put(header + 16, this.#at + iovecs + i * IOVEC_BYTES);
      put(header + 24, 1);
    }
    this.#expectAddresses();
  }

  /**
   * Writes the room for each sender's address into the headers, because the kernel overwrites it with the address' length. Over
   * UDP this is needed only once, because all senders of a socket have addresses of one length.
   */
  #expectAddresses(): void {
    for (let i = 0; i < BATCH; i++) this.#headers[i * HEADER_WORDS + ADDRESS_WORD] = LONGEST_ADDRESS_BYTES;
  }

  #addressBytesOf(datagram: number): number {
    return this.#headers[datagram * HEADER_WORDS + ADDRESS_WORD]!;
  }

  #setReceiveBuffer(fd: number, bytes: number): void {
    const { option } = this.#place;
    new Int32Array(this.#memory, option, 1)[0] = bytes;
    const set = (name: number): number => this.#libc.setsockopt(fd, SOL_SOCKET, name, this.#at + option, 4);
    // SO_RCVBUFFORCE passes over the system's limit, but needs a privilege.
    if (set(SO_RCVBUFFORCE) < 0) set(SO_RCVBUF);
  }

  #bind(fd: number, address: PortAddress): void {
    const offset = this.#place.option;
    const length = writeAddress(this.#libc, address, { memory: this.#memory, offset, at: this.#at });
    if (this.#libc.bind(fd, this.#at + offset, length) < 0) this.#libc.fail('bind');
  }
}

/** Whether an error of a socket goes away by itself. */
function isPassing(errno: number): boolean {
  const { ECONNREFUSED, ENETDOWN, ENETUNREACH, EHOSTUNREACH, ENOBUFS, ENOMEM } = constants.errno;
  return [ECONNREFUSED, ENETDOWN, ENETUNREACH, EHOSTUNREACH, ENOBUFS, ENOMEM].includes(errno);
}
