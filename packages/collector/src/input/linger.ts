/** So few in a pause, and a longer one is tried. */
const FEW = 128;
/** So many in a pause, and it is halved. */
const MANY = 256;
/** So many, and a flood has begun. */
const FLOOD = 4 * MANY;
/** After so many in a pause the next one brings some, too. */
const FLOWING = 8;
const SHORTEST_MS = 2;
const LONGEST_MS = 20;
/** Pauses of one length that are looked at together. */
const SAMPLE = 8;
/** A longer pause is kept when it brings more: at least this share of what it would if they came evenly. */
const WORTH_IT = 0.3;
/** After a longer pause that wasn't worth it, so many samples pass before the next one is tried. */
const PATIENCE = 32;
/** The room that a small datagram takes in a socket, in bytes. It is more than its text, because the kernel's own structure is in it. */
const COST_BYTES = 768;
/** The rate of a sudden flood for which a paused reader leaves room, so that no datagram is dropped. */
const DATAGRAMS_PER_MS = 100;

/**
 * How long a reader pauses so that datagrams gather. Waking costs as much as reading fifty of them, so at low rates the pause
 * is long; but it stays short where a longer one brings no more, because the senders wait or come in bursts. And it is never longer
 * than the socket has room for a sudden flood.
 */
export class Linger {
  readonly #longest: number;
  /** In ms. */
  #ms = SHORTEST_MS;
  #isFlowing = false;
  // Of the sample of pauses under way:
  #pauses = 0;
  #datagrams = 0;
  /** The sample of shorter pauses before, while a longer one is tried. */
  #before: { readonly ms: number; readonly datagrams: number } | undefined;
  #patience = 0;

  /** @param room - what the kernel holds for the socket, in bytes. Default: as little as there may be. */
  constructor(room = 0) {
    const fits = Math.floor(room / COST_BYTES / DATAGRAMS_PER_MS);
    this.#longest = Math.max(SHORTEST_MS, Math.min(LONGEST_MS, fits));
  }

  /** The pause that is due, in ms. */
  get ms(): number {
    return this.#ms;
  }

  /** Whether so many come that the reader needn't wait for the first one before it pauses. */
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
    // The first one of a pause comes before it, if the reader waited for that.
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
