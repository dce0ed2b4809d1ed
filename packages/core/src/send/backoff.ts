const START = 5;
const SHORTEST = 1;
const LONGEST = 25;
const LONGEST_WHILE_NOTHING_GOES = 250;

/**
 * How long to wait for room, by how many messages went since the last wait: half as long after four or more, twice as
 * long after one or none, within 1 to 25 ms, and up to 250 ms while nothing goes at all.
 */
export class Backoff {
  #wait = START;
  #waited = false;

  /** The next wait, in ms. */
  next(messages: number): number {
    if (this.#waited) {
      if (messages === 0) this.#wait = Math.min(LONGEST_WHILE_NOTHING_GOES, this.#wait * 2);
      else if (messages === 1) this.#wait = Math.min(LONGEST, this.#wait * 2);
      else this.#wait = Math.min(LONGEST, messages >= 4 ? Math.max(SHORTEST, this.#wait / 2) : this.#wait);
    }
    this.#waited = true;
    return this.#wait;
  }
}
