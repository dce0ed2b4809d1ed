import { constants } from 'node:os';
import { libc } from './libc.js';

const POLLIN = 1;
const POLLFD_BYTES = 8;
const { EINTR } = constants.errno;

/** Waits for several sockets at once. */
export class PollSet {
  readonly #libc = libc();
  readonly #count: number;
  readonly #at: number;

  constructor(descriptors: readonly number[]) {
    this.#count = descriptors.length;
    const { memory, at } = this.#libc.allocate(Math.max(1, this.#count) * POLLFD_BYTES);
    this.#at = at;
    const view = new DataView(memory);
    for (const [index, fd] of descriptors.entries()) {
      view.setInt32(index * POLLFD_BYTES, fd, true);
      view.setInt16(index * POLLFD_BYTES + 4, POLLIN, true);
    }
  }

  /** Waits until a socket can be read, for at most `ms`. Returns false if none could be read in that time, or a signal came. */
  wait(ms: number): boolean {
    const ready = this.#libc.poll(this.#at, this.#count, ms);
    if (ready < 0 && this.#libc.errno() !== EINTR) this.#libc.fail('poll');
    return ready > 0;
  }
}
