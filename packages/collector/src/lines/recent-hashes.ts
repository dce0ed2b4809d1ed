/** Hashes that were seen lately, as far as there is room for them: each has two places. */
export class RecentHashes {
  readonly #hashes: Int32Array;
  readonly #mask: number;
  #random = 1;

  /** @param size - how many are remembered, at most: a power of 2. */
  constructor(size: number) {
    this.#hashes = new Int32Array(size);
    this.#mask = size - 1;
  }

  /** Whether this hash was seen before, as far as that is remembered. */
  see(hash: number): boolean {
    const place = hash & this.#mask;
    if (this.#hashes[place] === hash || this.#hashes[place ^ 1] === hash) return true;
    // By chance, because of two that drive each other out in turn neither would ever be seen a second time.
    this.#random = (Math.imul(this.#random, 1_664_525) + 1_013_904_223) | 0;
    this.#hashes[place ^ (this.#random >>> 31)] = hash;
    return false;
  }
}
