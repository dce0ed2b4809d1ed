import { fchmodSync, lchownSync, lstatSync, unlinkSync } from 'node:fs';
import { constants } from 'node:os';
import type { Owner } from '../config/options.js';
import { type Libc, PortError, libc } from './libc.js';
import { AF_UNIX, LONGEST_ADDRESS_BYTES, writeAddress } from './port-address.js';

const SOCK_DGRAM = 2;
const SOCK_CLOEXEC = 0o2_000_000;
const { EADDRINUSE, ECONNREFUSED } = constants.errno;
/** For `chown`: the user or the group stays as it is. */
const AS_IT_IS = -1;

export interface SocketFileOptions {
  /** An absolute path of at most 107 bytes. */
  readonly path: string;
  /** The file's mode. A program that may write to the file may send. */
  readonly mode: number;
  /** The file's owner. Default: the user that the collector runs as. */
  readonly owner?: Owner | undefined;
}

/** The file by which senders find a UNIX socket. */
export class SocketFile {
  readonly #options: SocketFileOptions;
  readonly #libc: Libc = libc();
  readonly #memory: ArrayBuffer;
  readonly #at: number;
  /** The device and the inode of the file that `bind` made. */
  #made: { readonly dev: number; readonly ino: number } | undefined;

  constructor(options: SocketFileOptions) {
    this.#options = options;
    const { memory, at } = this.#libc.allocate(LONGEST_ADDRESS_BYTES);
    this.#memory = memory;
    this.#at = at;
  }

  /**
   * Binds a socket to the path, with the mode and the owner. Removes a stale file first, such as a crash leaves behind.
   *
   * @throws PortError. The code is ENOTSOCK for a file that is no socket, and EADDRINUSE for a socket that another program reads.
   */
  bind(fd: number): void {
    const { path, owner } = this.#options;
    const length = this.#writePath();
    if (!this.#tryToBind(fd, length)) {
      this.#removeStale();
      if (!this.#tryToBind(fd, length)) throw new PortError('bind', 'EADDRINUSE');
    }
    const { dev, ino } = lstatSync(path);
    this.#made = { dev, ino };
    try {
      if (owner !== undefined) lchownSync(path, owner.uid ?? AS_IT_IS, owner.gid ?? AS_IT_IS);
    } catch (error) {
      this.remove();
      throw new PortError('chown', (error as NodeJS.ErrnoException).code ?? 'EPERM');
    }
  }

  /** Whether the file at the path is the one that was made. */
  get isThere(): boolean {
    const status = lstatSync(this.#options.path, { throwIfNoEntry: false });
    return status !== undefined && status.dev === this.#made?.dev && status.ino === this.#made.ino;
  }

  /** Removes the file, if it is still the one that `bind` made. */
  remove(): void {
    try {
      if (this.isThere) unlinkSync(this.#options.path);
    } catch {
      // A directory that can't be written to any more keeps the file. The next start takes it away.
    }
    this.#made = undefined;
  }

  /**
   * Returns false if the path exists already. A new file has its mode from the first moment on, because the kernel copies the
   * mode of the descriptor. The umask is 0 meanwhile, because the kernel removes its bits from the mode.
   */
  #tryToBind(fd: number, length: number): boolean {
    fchmodSync(fd, this.#options.mode);
    const before = this.#libc.umask(0);
    try {
      if (this.#libc.bind(fd, this.#at, length) >= 0) return true;
      if (this.#libc.errno() !== EADDRINUSE) this.#libc.fail('bind');
      return false;
    } finally {
      this.#libc.umask(before);
    }
  }

  /** Whether another program has a socket at the path. Throws ENOTSOCK for a file that is no socket. */
  isRead(): boolean {
    const status = lstatSync(this.#options.path, { throwIfNoEntry: false });
    if (status === undefined) return false;
    if (!status.isSocket()) throw new PortError('bind', 'ENOTSOCK');
    const length = this.#writePath();
    const probe = this.#libc.socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (probe < 0) this.#libc.fail('socket');
    try {
      // Only ECONNREFUSED shows that nobody reads. After any other error, such as EACCES, the socket counts as read.
      return this.#libc.connect(probe, this.#at, length) === 0 || this.#libc.errno() !== ECONNREFUSED;
    } finally {
      this.#libc.close(probe);
    }
  }

  #removeStale(): void {
    if (this.isRead()) throw new PortError('bind', 'EADDRINUSE');
    unlinkSync(this.#options.path);
  }

  #writePath(): number {
    const address = { family: 'unix', path: this.#options.path } as const;
    return writeAddress(this.#libc, address, { memory: this.#memory, offset: 0, at: this.#at });
  }
}
