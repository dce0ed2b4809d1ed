import { constants } from 'node:os';
import type { MarkState } from './binding.js';
import { failure, type Libc } from './libc.js';

/** The largest mark, and the last byte of the range that a look covers. */
export const MAX_MARK = 0x7fff_ffff;

/** Commands and lock types of fcntl(2). */
const F_GETLK = 5;
const F_OFD_SETLK = 37;
const F_RDLCK = 0;
const F_WRLCK = 1;
const F_UNLCK = 2;

/** A look steps over at most so many locks, because anybody who may send can set thousands of them. */
const MAX_STEPS = 16;

const { EACCES, EAGAIN, EBADF } = constants.errno;

/** `struct flock` of a Linux with 64-bit pointers, which every call uses in turn. */
const flock = new ArrayBuffer(32);
const bytes = new Uint8Array(flock);
const shorts = new Int16Array(flock);
const longs = new BigInt64Array(flock);

/**
 * The mark of one open queue: a read lock on the queue, one byte long, whose position is the number. No message has
 * anything to do with that byte, so the lock keeps nobody from sending or receiving. The kernel drops it when the queue is
 * closed, also when the process is killed. A read lock needs read access, so a process that may only send can't forge one.
 */
export class QueueMark {
  readonly #libc: Libc;
  readonly #fd: number;
  #set: number | undefined;

  constructor(libc: Libc, fd: number) {
    this.#libc = libc;
    this.#fd = fd;
  }

  /** The lowest mark that anybody has set on the queue. */
  look(): number | undefined {
    if (this.#libc.pointerBytes !== 8) return undefined;
    const ranges: [first: number, last: number][] = [[1, MAX_MARK]];
    let lowest: number | undefined;
    for (let step = 0; step < MAX_STEPS; step++) {
      const range = ranges.pop();
      if (range === undefined) return lowest;
      const [first, last] = range;
      // A write lock would conflict with each lock in the range. The kernel answers with one of these, not with the lowest.
      if (!this.#lock(F_GETLK, F_WRLCK, first, last)) return undefined;
      const [type] = shorts;
      if (type === F_UNLCK) continue;
      const start = Math.max(Number(longs[1]), first);
      const length = Number(longs[2]); // 0 is a lock without an end
      if (type === F_RDLCK) {
        lowest = start;
        ranges.length = 0; // those left are higher
      } else if (length > 0 && Number(longs[1]) + length <= last) {
        ranges.push([Number(longs[1]) + length, last]);
      }
      if (start > first) ranges.push([first, start - 1]);
    }
    return lowest;
  }

  /** Sets the mark, or takes it away. The new lock is set before the old one goes, so that every look finds one of them. */
  set(mark: number | undefined): MarkState {
    if (this.#libc.pointerBytes !== 8) return 'unsupported';
    if (mark !== undefined && !this.#lock(F_OFD_SETLK, F_RDLCK, mark, mark)) {
      const errno = this.#libc.errno();
      if (errno === EAGAIN || errno === EACCES) return 'blocked';
      if (errno === EBADF) throw failure(this.#libc, 'fcntl');
      return 'unsupported';
    }
    const before = this.#set;
    this.#set = mark;
    if (before !== undefined && before !== mark) this.#lock(F_OFD_SETLK, F_UNLCK, before, before);
    return mark === undefined || this.look() !== undefined ? 'set' : 'blocked';
  }

  #lock(command: number, type: number, first: number, last: number): boolean {
    bytes.fill(0); // whence SEEK_SET, and the 0 that a lock of an open file has for a pid
    shorts[0] = type;
    longs[1] = BigInt(first);
    longs[2] = BigInt(last - first + 1);
    return this.#libc.fcntl(this.#fd, command, bytes) === 0;
  }
}
