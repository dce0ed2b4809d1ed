import { rmSync } from 'node:fs';
import { getSystemErrorName } from 'node:util';
import * as koffi from 'koffi';

const AF_UNIX = 1;
const SOCK_DGRAM = 2;
const SOCK_CLOEXEC = 0o2000000;
const MSG_DONTWAIT = 0x40;

const libc = koffi.load(null);
const socket = libc.func('int socket(int domain, int type, int protocol)') as (...args: number[]) => number;
const bind = libc.func('int bind(int fd, uint8_t *address, uint length)') as (
  fd: number,
  address: Uint8Array,
  length: number,
) => number;
const recv = libc.func('long recv(int fd, _Out_ uint8_t *bytes, size_t length, int flags)') as (
  fd: number,
  bytes: Uint8Array,
  length: number,
  flags: number,
) => number;
const close = libc.func('int close(int fd)') as (fd: number) => number;

const failed = (call: string): never => {
  throw new Error(`${call}: ${getSystemErrorName(-koffi.errno())}`);
};

/** A real UNIX datagram socket in the server's place. It takes in only what it is told to read. */
export class UnixReceiver {
  readonly path: string;
  readonly descriptor: number;
  readonly #buffer = Buffer.alloc(65_536);
  #open = true;

  /** @param at - the path of the socket. */
  constructor(at: string) {
    this.path = at;
    this.descriptor = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (this.descriptor < 0) failed('socket');
    const address = Buffer.alloc(2 + Buffer.byteLength(at) + 1);
    new Uint16Array(address.buffer, address.byteOffset, 1)[0] = AF_UNIX;
    address.write(at, 2);
    if (bind(this.descriptor, address, address.length) < 0) failed(`bind ${at}`);
  }

  read(): string | undefined {
    const bytes = recv(this.descriptor, this.#buffer, this.#buffer.length, MSG_DONTWAIT);
    return bytes < 0 ? undefined : this.#buffer.toString('utf8', 0, bytes);
  }

  /** What waits now. */
  readAll(): string[] {
    const messages: string[] = [];
    for (let message = this.read(); message !== undefined; message = this.read()) messages.push(message);
    return messages;
  }

  /** The server is gone; its path stays behind, as that of one that was killed. */
  close(): void {
    if (this.#open) close(this.descriptor);
    this.#open = false;
  }

  /** The server is gone, and its path, too. */
  remove(): void {
    this.close();
    rmSync(this.path, { force: true });
  }
}
