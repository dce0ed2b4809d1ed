import { now } from '../host/clock.js';

/** The maximum number of bytes of a datagram that are read. The rest of a longer one is lost. */
const MOST_BYTES = 512;
/** Time between two tries, in ms. */
const LOOK_MS = 1;
const pause = new Int32Array(new SharedArrayBuffer(4));

/**
 * Waits for a datagram with the thread stopped. It is for the end of the process, because the event loop doesn't turn there.
 *
 * @param read - takes a datagram into the array, and returns its length. Throws an error with the code `EAGAIN` if there is none.
 * @param timeout - how long to wait for it, in ms. 0: tries once.
 * @returns The datagram, or undefined if none came in time.
 * @throws Error of the socket, for instance `ECONNREFUSED`.
 */
export function readNow(read: (into: Uint8Array) => number, timeout: number): Buffer | undefined {
  const into = Buffer.alloc(MOST_BYTES);
  const end = now() + timeout;
  for (;;) {
    try {
      return into.subarray(0, read(into));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    }
    if (now() >= end) return undefined;
    Atomics.wait(pause, 0, 0, LOOK_MS);
  }
}
