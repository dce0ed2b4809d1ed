/** Remembers recent hashes. Each hash has two possible places, so a newer hash may overwrite it. */
export class RecentHashes {
  readonly #hashes: Int32Array;
  readonly #mask: number;
  #random = 1;

  /** @param size - the most hashes that are remembered. A power of 2. */
  constructor(size: number) {
    this.#hashes = new Int32Array(size);
    this.#mask = size - 1;
  }

  /** Remembers a hash. Returns whether it is remembered from before. */
  see(hash: number): boolean {
    const place = hash & this.#mask;
    if (this.#hashes[place] === hash || this.#hashes[place ^ 1] === hash) return true;
    // The place is random, because otherwise two hashes could overwrite each other in turn, and none would ever be seen again.
    this.#random = (Math.imul(this.#random, 1_664_525) + 1_013_904_223) | 0;
    this.#hashes[place ^ (this.#random >>> 31)] = hash;
    return false;
  }
}
