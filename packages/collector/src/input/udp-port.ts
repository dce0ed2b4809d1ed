import { constants, endianness } from 'node:os';
import { getSystemErrorName } from 'node:util';
import type * as Koffi from 'koffi';

/** Datagrams that are taken with one call, at most. */
const BATCH = 128;
/** Room for the largest datagram that there is, so that none is cut. In bytes. */
const ROOM_BYTES = 65_536;
/** Sizes of the kernel's structures on 64-bit Linux, in bytes. */
const MSGHDR_BYTES = 64;
const IOVEC_BYTES = 16;
const ADDRESS_BYTES = 28;
const MEMINFO_WORDS = 9;

const AF_INET = 2;
const AF_INET6 = 10;
const SOCK_DGRAM = 2;
const SOCK_CLOEXEC = 0o2_000_000;
const SOCK_NONBLOCK = 0o4000;
const SOL_SOCKET = 1;
const SO_RCVBUF = 8;
const SO_RCVBUFFORCE = 33;
const SO_MEMINFO = 55;
const POLLIN = 1;
const MSG_DONTWAIT = 0x40;
const { EAGAIN, EINTR } = constants.errno;

export interface PortOptions {
  /** As a number: names are looked up before. */
  readonly address: string;
  readonly family: 4 | 6;
  readonly port: number;
  /** What the kernel is asked to hold, in bytes. */
  readonly receiveBufferBytes: number;
}

/** A call of the system has failed. */
export class PortError extends Error {
  readonly code: string;

  constructor(syscall: string, code: string) {
    super(`${syscall} ${code}`);
    this.code = code;
  }
}

/** Whether this machine lays out the kernel's structures as they are written here. */
export function isKnownLayout(): boolean {
  return (
    process.platform === 'linux' &&
    ['x64', 'arm64', 'riscv64'].includes(process.arch) &&
    endianness() === 'LE'
  );
}

/** What the kernel says of a socket. */
export interface PortMemory {
  /** What waits in the socket, and what it holds at most, in bytes of the kernel's own memory. */
  readonly waiting: number;
  readonly room: number;
  /** Datagrams that found no room, since the socket was opened. */
  readonly dropped: number;
}

/** libc's functions. Pointers go as numbers, to memory that is allocated once and never moves. */
interface Libc {
  socket(domain: number, type: number, protocol: number): number;
  bind(fd: number, address: number, bytes: number): number;
  setsockopt(fd: number, level: number, name: number, value: number, bytes: number): number;
  getsockopt(fd: number, level: number, name: number, value: number, bytes: number): number;
  poll(fds: number, count: number, ms: number): number;
  recvmmsg(fd: number, messages: number, count: number, flags: number, timeout: number): number;
  sendto(
    fd: number,
    bytes: number,
    length: number,
    flags: number,
    address: number,
    addressBytes: number,
  ): number;
  inetPton(family: number, text: string, address: number): number;
  inetNtop(family: number, address: number, text: Uint8Array, bytes: number): string | null;
  close(fd: number): number;
}

/**
 * A UDP socket that is read with libc's `poll` and `recvmmsg`: many datagrams a call. It blocks, so it is for a thread of its
 * own. The runtime doesn't know its descriptor.
 */
export class UDPPort {
  /** Datagrams that `receive` takes at once, at most. */
  static readonly BATCH: number = BATCH;
  readonly #koffi: typeof Koffi;
  readonly #libc: Libc;
  readonly #fd: number;
  readonly #family: number;
  /** The memory that calls read and write, and where it is. */
  readonly #memory: ArrayBuffer;
  readonly #at: number;
  /** Offsets in it. */
  readonly #place: Readonly<
    Record<'blocks' | 'headers' | 'iovecs' | 'addresses' | 'pollfd' | 'option' | 'answer', number>
  >;
  /** The headers of the datagrams, in words of 4 bytes; word 14 of 16 is a datagram's length. */
  readonly #headers: Uint32Array;
  /** All datagrams, one after the other. */
  readonly bytes: Buffer;

  /** @throws PortError when the address can't be had, and what koffi throws where it can't be loaded. */
  constructor({ address, family, port, receiveBufferBytes }: PortOptions) {
    this.#koffi = require('koffi') as typeof Koffi;
    this.#libc = loadLibc(this.#koffi);
    this.#family = family === 6 ? AF_INET6 : AF_INET;
    const place = { blocks: 0, headers: 0, iovecs: 0, addresses: 0, pollfd: 0, option: 0, answer: 0 };
    place.headers = BATCH * ROOM_BYTES;
    place.iovecs = place.headers + BATCH * MSGHDR_BYTES;
    place.addresses = place.iovecs + BATCH * IOVEC_BYTES;
    place.pollfd = place.addresses + BATCH * 32;
    place.option = place.pollfd + 8;
    place.answer = place.option + 64;
    this.#place = place;
    const size = place.answer + 256;
    const memory: unknown = this.#koffi.alloc('uint8_t', size);
    this.#at = Number(this.#koffi.address(memory));
    this.#memory = this.#koffi.view(memory, size);
    this.bytes = Buffer.from(this.#memory, 0, BATCH * ROOM_BYTES);
    this.#headers = new Uint32Array(this.#memory, place.headers, (BATCH * MSGHDR_BYTES) / 4);
    this.#layOut();
    this.#fd = this.#libc.socket(this.#family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (this.#fd < 0) this.#fail('socket');
    try {
      this.#setReceiveBuffer(receiveBufferBytes);
      this.#bind(address, port);
    } catch (error) {
      this.close();
      throw error;
    }
    new Int32Array(this.#memory, place.pollfd, 1)[0] = this.#fd;
    new Int16Array(this.#memory, place.pollfd + 4, 2)[0] = POLLIN;
  }

  /** Waits for a datagram, for so many ms. False: none came in that time, or a signal did. */
  wait(ms: number): boolean {
    const ready = this.#libc.poll(this.#at + this.#place.pollfd, 1, ms);
    if (ready < 0 && this.#koffi.errno() !== EINTR) this.#fail('poll');
    return ready > 0;
  }

  /** Takes what has come, and returns how many datagrams that are. Each one stands in `bytes` until the next call. */
  receive(): number {
    for (;;) {
      const count = this.#libc.recvmmsg(this.#fd, this.#at + this.#place.headers, BATCH, MSG_DONTWAIT, 0);
      if (count >= 0) return count;
      const errno = this.#koffi.errno();
      if (errno === EAGAIN) return 0;
      // A network that has gone, or an answer that nobody took, is an error of the socket that is told once.
      if (errno !== EINTR && !isPassing(errno)) this.#fail('recvmmsg');
    }
  }

  /** Where a datagram begins in `bytes`. */
  startOf(datagram: number): number {
    return datagram * ROOM_BYTES;
  }

  /** How long a datagram is, in bytes. */
  lengthOf(datagram: number): number {
    return this.#headers[datagram * 16 + 14]!;
  }

  /** The port that a datagram came from. */
  portOf(datagram: number): number {
    const at = this.#place.addresses + datagram * 32;
    return new DataView(this.#memory).getUint16(at + 2);
  }

  /** Who sent a datagram. */
  senderOf(datagram: number): { address: string; port: number } {
    const at = this.#at + this.#place.addresses + datagram * 32;
    const text = new Uint8Array(64);
    const address = this.#libc.inetNtop(
      this.#family,
      at + (this.#family === AF_INET6 ? 8 : 4),
      text,
      text.length,
    );
    return { address: address ?? '?', port: this.portOf(datagram) };
  }

  /** Answers the sender of a datagram. An answer that can't be sent at once isn't sent. */
  answer(datagram: number, bytes: Uint8Array): void {
    new Uint8Array(this.#memory, this.#place.answer, bytes.length).set(bytes);
    const to = this.#at + this.#place.addresses + datagram * 32;
    this.#libc.sendto(
      this.#fd,
      this.#at + this.#place.answer,
      bytes.length,
      MSG_DONTWAIT,
      to,
      this.#addressBytes,
    );
  }

  /** What waits, and what was dropped; undefined where the kernel doesn't say. */
  memory(): PortMemory | undefined {
    const { option } = this.#place;
    const words = new Uint32Array(this.#memory, option, MEMINFO_WORDS + 1);
    words[MEMINFO_WORDS] = MEMINFO_WORDS * 4;
    const at = this.#at + option;
    // Unlike SO_RXQ_OVFL it also tells while no datagram comes.
    if (this.#libc.getsockopt(this.#fd, SOL_SOCKET, SO_MEMINFO, at, at + MEMINFO_WORDS * 4) < 0)
      return undefined;
    return { waiting: words[0]!, room: words[1]!, dropped: words[8]! };
  }

  close(): void {
    this.#libc.close(this.#fd);
  }

  /** One header a datagram, each with one block and room for its sender's address. */
  #layOut(): void {
    const { headers, iovecs, addresses } = this.#place;
    const view = new DataView(this.#memory);
    const put = (offset: number, value: number): void => view.setBigUint64(offset, BigInt(value), true);
    for (let i = 0; i < BATCH; i++) {
      put(iovecs + i * IOVEC_BYTES, this.#at + i * ROOM_BYTES);
      put(iovecs + i * IOVEC_BYTES + 8, ROOM_BYTES);
      const header = headers + i * MSGHDR_BYTES;
      new Uint8Array(this.#memory, header, MSGHDR_BYTES).fill(0);
      put(header, this.#at + addresses + i * 32);
      put(header + 8, ADDRESS_BYTES); // the kernel writes the length here, which is the same for all of a socket's senders
      put(header + 16, this.#at + iovecs + i * IOVEC_BYTES);
      put(header + 24, 1);
    }
  }

  get #addressBytes(): number {
    return this.#family === AF_INET6 ? ADDRESS_BYTES : 16;
  }

  #setReceiveBuffer(bytes: number): void {
    const { option } = this.#place;
    new Int32Array(this.#memory, option, 1)[0] = bytes;
    const set = (name: number): number =>
      this.#libc.setsockopt(this.#fd, SOL_SOCKET, name, this.#at + option, 4);
    // The first one is for those who may pass over the system's limit.
    if (set(SO_RCVBUFFORCE) < 0) set(SO_RCVBUF);
  }

  #bind(address: string, port: number): void {
    const { option } = this.#place;
    new Uint8Array(this.#memory, option, ADDRESS_BYTES).fill(0);
    const view = new DataView(this.#memory);
    view.setUint16(option, this.#family, true);
    view.setUint16(option + 2, port);
    const at = this.#at + option;
    if (this.#libc.inetPton(this.#family, address, at + (this.#family === AF_INET6 ? 8 : 4)) !== 1)
      throw new PortError('bind', 'EINVAL');
    if (this.#libc.bind(this.#fd, at, this.#addressBytes) < 0) this.#fail('bind');
  }

  #fail(syscall: string): never {
    throw new PortError(syscall, getSystemErrorName(-this.#koffi.errno()));
  }
}

/** Whether an error of a socket passes by itself. */
function isPassing(errno: number): boolean {
  const { ECONNREFUSED, ENETDOWN, ENETUNREACH, EHOSTUNREACH, ENOBUFS, ENOMEM } = constants.errno;
  return [ECONNREFUSED, ENETDOWN, ENETUNREACH, EHOSTUNREACH, ENOBUFS, ENOMEM].includes(errno);
}

function loadLibc(koffi: typeof Koffi): Libc {
  const library = loadLibrary(koffi);
  return {
    socket: library.func('int socket(int domain, int type, int protocol)'),
    bind: library.func('int bind(int fd, uintptr_t address, uint length)'),
    setsockopt: library.func('int setsockopt(int fd, int level, int name, uintptr_t value, uint length)'),
    getsockopt: library.func(
      'int getsockopt(int fd, int level, int name, uintptr_t value, uintptr_t length)',
    ),
    poll: library.func('int poll(uintptr_t fds, ulong count, int timeout)'),
    recvmmsg: library.func(
      'int recvmmsg(int fd, uintptr_t messages, uint count, int flags, uintptr_t timeout)',
    ),
    sendto: library.func(
      'long sendto(int fd, uintptr_t bytes, size_t length, int flags, uintptr_t address, uint addressLength)',
    ),
    inetPton: library.func('int inet_pton(int family, const char *text, uintptr_t address)'),
    inetNtop: library.func(
      'const char *inet_ntop(int family, uintptr_t address, uint8_t *text, uint length)',
    ),
    close: library.func('int close(int fd)'),
  };
}

/** glibc, or musl. */
function loadLibrary(koffi: typeof Koffi): Koffi.LibraryHandle {
  const names: Record<string, string> = { x64: 'x86_64', arm64: 'aarch64' };
  const musl = `libc.musl-${names[process.arch] ?? process.arch}.so.1`;
  try {
    return koffi.load('libc.so.6');
  } catch {
    return koffi.load(musl);
  }
}
