import type { Socket } from 'node:dgram';
import { readSync } from 'node:fs';
import { now } from '../host/clock.js';
import { handleOf } from './socket-handle.js';

/** Longer datagrams are cut. */
const MOST_BYTES = 512;
/** Between two looks, in ms. */
const LOOK_MS = 1;
const pause = new Int32Array(new SharedArrayBuffer(4));

/**
 * Takes a datagram from a connected socket with the thread stopped: for the end of the process, where the event loop brings
 * none. It reads the descriptor, which is Node's own. On a runtime that hides it there is nothing to read.
 *
 * @param timeout - how long to wait for it, in ms. 0 looks once.
 * @returns The datagram, or undefined if none came in time.
 * @throws Error what the socket says, `ECONNREFUSED` for instance.
 */
export function readNow(socket: Socket, timeout: number): Buffer | undefined {
  const fd = handleOf(socket)?.fd;
  if (typeof fd !== 'number' || fd < 0) return undefined;
  const into = Buffer.alloc(MOST_BYTES);
  const end = now() + timeout;
  for (;;) {
    try {
      return into.subarray(0, readSync(fd, into));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    }
    if (now() >= end) return undefined;
    Atomics.wait(pause, 0, 0, LOOK_MS);
  }
}
