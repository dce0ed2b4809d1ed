/** Bytes to a window: 16 datagrams of 1432 bytes, a quarter of what a default receive buffer holds. */
import { now } from '../host/clock.js';
const WINDOW_BYTES = 16 * 1432;
const WINDOW_MS = 10;
/** At the end of the process there is no time for more. */
const ENDING_WINDOW_MS = 1;
/** A receive buffer takes room for each datagram, however short. */
const LEAST_BYTES = 500;

/** Spreads datagrams over time, so that a receiver with a default buffer, busy now and then, loses none. */
export class Pace {
  #left = 0;
  #end = 0;

  /** How long to wait before the next datagram, in ms; 0 if it may leave now. */
  wait(ending: boolean): number {
    const time = now();
    if (time >= this.#end) {
      this.#end = time + (ending ? ENDING_WINDOW_MS : WINDOW_MS);
      // What was sent past the last window counts in this one.
      this.#left = Math.min(0, this.#left) + WINDOW_BYTES;
    }
    return this.#left > 0 ? 0 : this.#end - time;
  }

  /** Notes that a datagram has left. */
  spend(bytes: number): void {
    this.#left -= Math.max(LEAST_BYTES, bytes);
  }
}
