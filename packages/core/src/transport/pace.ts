import { now } from '../host/clock.js';

/** Bytes per window: 16 datagrams of 1432 bytes, a quarter of a default receive buffer. */
const WINDOW_BYTES = 16 * 1432;
const WINDOW_MS = 10;
/** A shorter window at the end of the process, because there is no time for more. */
const ENDING_WINDOW_MS = 1;
/** Each datagram counts at least this many bytes, because a short one also takes room in a receive buffer. */
const LEAST_BYTES = 500;

/** Spreads datagrams over time, so that a receiver with a default buffer loses none while it is busy for a moment. */
export class Pace {
  #left = 0;
  #end = 0;

  /** How long to wait before the next datagram, in ms. 0 if it may leave now. */
  wait(ending: boolean): number {
    const time = now();
    if (time >= this.#end) {
      this.#end = time + (ending ? ENDING_WINDOW_MS : WINDOW_MS);
      // Bytes that were sent beyond the last window count in this one.
      this.#left = Math.min(0, this.#left) + WINDOW_BYTES;
    }
    return this.#left > 0 ? 0 : this.#end - time;
  }

  /** Notes that a datagram has left. */
  spend(bytes: number): void {
    this.#left -= Math.max(LEAST_BYTES, bytes);
  }
}
