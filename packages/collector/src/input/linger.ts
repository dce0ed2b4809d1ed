/** Once so many come with a call, they come fast enough to gather by themselves. */
const ENOUGH = 32;
/** So few with a call, and the pause grows. */
const FEW = 8;
const SHORTEST_MS = 2;
const LONGEST_MS = 20;
/** The room that a small datagram takes in a socket, in bytes. It is more than its text, because the kernel's own structure is in it. */
const COST_BYTES = 768;
/** The rate of a sudden flood for which a paused reader leaves room, so that no datagram is dropped. */
const DATAGRAMS_PER_MS = 100;

/**
 * How long a reader pauses between the first datagram and the call that takes all that have come. Waking costs more than
 * reading, so at low rates the pause is long; and never longer than the socket has room for a sudden flood.
 */
export class Linger {
  readonly #longest: number;
  /** In ms. */
  #ms = SHORTEST_MS;

  /** @param room - what the kernel holds for the socket, in bytes. Default: as little as there may be. */
  constructor(room = 0) {
    const fits = Math.floor(room / COST_BYTES / DATAGRAMS_PER_MS);
    this.#longest = Math.max(SHORTEST_MS, Math.min(LONGEST_MS, fits));
  }

  /** The pause that is due, in ms. */
  get ms(): number {
    return this.#ms;
  }

  /** Notes how many datagrams a call has taken. */
  had(count: number): void {
    if (count === 0) return;
    if (count >= ENOUGH) this.#ms = SHORTEST_MS;
    else if (count < FEW) this.#ms = Math.min(this.#longest, this.#ms * 2);
  }
}
