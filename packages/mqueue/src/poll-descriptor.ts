import { constants } from 'node:os';
import { now } from './clock.js';
import { failure, type Libc } from './libc.js';

/** `POLLIN` and `POLLOUT` of poll(2), the same on every Linux. */
const events = { readable: 0x001, writable: 0x004 } as const;
/** poll(2) takes the timeout as an int: longer waits go in turns of 24 days. */
const maxTimeoutMs = 0x7fff_ffff;

/**
 * Blocks the thread until the descriptor is ready or the time is over (false). A signal doesn't end
 * the wait: poll(2) is called again for what is left of the time.
 */
export function pollDescriptor(
  libc: Libc,
  fd: number,
  until: keyof typeof events,
  timeoutMs: number,
): boolean {
  // struct pollfd: int fd; short events; short revents.
  const pollfd = new Uint8Array(8);
  new Int32Array(pollfd.buffer)[0] = fd;
  new Int16Array(pollfd.buffer)[2] = events[until];

  const deadline = now() + timeoutMs;
  for (let left = timeoutMs; ; left = Math.max(0, deadline - now())) {
    const turn = Math.min(Math.ceil(left), maxTimeoutMs);
    const ready = libc.poll(pollfd, 1, turn);
    if (ready > 0) return true;
    if (ready === 0 && turn < maxTimeoutMs) return false;
    if (ready < 0 && libc.errno() !== constants.errno.EINTR) throw failure(libc, 'poll');
  }
}
