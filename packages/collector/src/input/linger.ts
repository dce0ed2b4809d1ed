/** With fewer datagrams in a pause than this, a longer pause is tried. */
const FEW = 128;
/** With this many datagrams in a pause, the next pause is half as long. */
const MANY = 256;
/** With this many datagrams in a pause, a flood has begun, and the next pause is the shortest. */
const FLOOD = 4 * MANY;
/** After this many datagrams in a pause, the next pause brings some, too. */
const FLOWING = 8;
const SHORTEST_MS = 2;
const LONGEST_MS = 20;
/** The number of pauses of one length that are judged together. */
const SAMPLE = 8;
/** A longer pause is kept if it brings at least this share of the additional datagrams that an even rate would bring. */
const WORTH_IT = 0.3;
/** After a longer pause that wasn't worth it, this many samples pass before the next longer pause is tried. */
const PATIENCE = 32;
/** The room that a small datagram takes in a socket, in bytes. It is more than the text, because the kernel adds a structure. */
const COST_BYTES = 768;
/** The rate of a sudden flood for which a paused reader leaves room, so that no datagram is dropped. */
const DATAGRAMS_PER_MS = 100;

/**
 * Decides how long a reader pauses so that datagrams gather. Waking costs as much as reading 50 of them, so the pause is long at
 * low rates. It stays short if a longer pause brings no more datagrams, because the senders wait or come in bursts. The longest
 * pause is bounded, because the socket needs room for a sudden flood.
 */
export class Linger {
  readonly #longest: number;
  /** The current pause, in ms. */
  #ms = SHORTEST_MS;
  #isFlowing = false;
  // The pauses of the current sample, and the datagrams that they brought.
  #pauses = 0;
  #datagrams = 0;
  /** The last sample of shorter pauses. Set only while a longer pause is tried. */
  #before: { readonly ms: number; readonly datagrams: number } | undefined;
  #patience = 0;

  /** @param room - the bytes that the kernel holds for the socket. Default 0, so pauses are the shortest. */
  constructor(room = 0) {
    const fits = Math.floor(room / COST_BYTES / DATAGRAMS_PER_MS);
    this.#longest = Math.max(SHORTEST_MS, Math.min(LONGEST_MS, fits));
  }

  /** The length of the next pause, in ms. */
  get ms(): number {
    return this.#ms;
  }

  /** Whether datagrams come so fast that the reader can pause without waiting for the first one. */
  get isFlowing(): boolean {
    return this.#isFlowing;
  }

  /** Notes how many datagrams came in a pause. */
  had(count: number): void {
    this.#isFlowing = count >= FLOWING;
    if (count === 0) return;
    if (count >= MANY) {
      this.#pause(count >= FLOOD ? SHORTEST_MS : this.#ms / 2);
      return;
    }
    this.#datagrams += count;
    if (++this.#pauses === SAMPLE) this.#decide(this.#datagrams);
  }

  #decide(datagrams: number): void {
    const before = this.#before;
    if (before !== undefined && !this.#isWorthIt(before, datagrams)) {
      this.#patience = PATIENCE;
      this.#pause(before.ms);
    } else if (datagrams < FEW * SAMPLE && this.#ms < this.#longest && this.#patience-- <= 0) {
      const { ms } = this;
      this.#pause(ms * 2);
      this.#before = { ms, datagrams };
    } else this.#pause(this.#ms);
  }

  #isWorthIt(before: { readonly ms: number; readonly datagrams: number }, datagrams: number): boolean {
    // A reader that waits gets one datagram before each pause. These don't count.
    const first = this.#isFlowing ? 0 : SAMPLE;
    const longer = this.#ms / before.ms - 1;
    return datagrams - first >= (1 + WORTH_IT * longer) * (before.datagrams - first);
  }

  /** Begins a sample of pauses of this length. */
  #pause(ms: number): void {
    this.#ms = Math.min(this.#longest, Math.max(SHORTEST_MS, ms));
    this.#pauses = this.#datagrams = 0;
    this.#before = undefined;
  }
}
