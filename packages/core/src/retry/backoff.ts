const START_MS = 5;
const SHORTEST_MS = 1;
const LONGEST_MS = 25;
const LONGEST_WHILE_NOTHING_GOES_MS = 250;

/**
 * How long to wait for room, by how many messages went since the last wait: half as long after four or more, twice as
 * long after one or none, within 1 to 25 ms, and up to 250 ms while nothing goes at all.
 */
export class Backoff {
  #wait = START_MS;
  #waited = false;

  /** The next wait, in ms. */
  next(messages: number): number {
    if (this.#waited) {
      if (messages === 0) this.#wait = Math.min(LONGEST_WHILE_NOTHING_GOES_MS, this.#wait * 2);
      else if (messages === 1) this.#wait = Math.min(LONGEST_MS, this.#wait * 2);
      else
        this.#wait = Math.min(LONGEST_MS, messages >= 4 ? Math.max(SHORTEST_MS, this.#wait / 2) : this.#wait);
    }
    this.#waited = true;
    return this.#wait;
  }
}
