/** The factor by which the memory for labels grows. It is a factor, so that adding costs the same for every length. */
const GROWTH = 1.3;
const NO_BYTES = Buffer.alloc(0);

/**
 * Series with their labels as bytes, one after another. Series are never removed from a block. Removing series makes a new
 * block, so a page that is being written goes on with the old one.
 */
export class Block<S> {
  /** The labels of all series, one after another. */
  bytes: Buffer = NO_BYTES;
  /** The end of each series' labels in `bytes`. */
  ends: readonly number[] = [];
  /** The time at which each series began, in ms since 1970. */
  began: readonly number[] = [];
  series: readonly S[] = [];

  get size(): number {
    return this.series.length;
  }

  /** The length of all labels, in bytes. */
  get used(): number {
    return this.size === 0 ? 0 : this.ends[this.size - 1]!;
  }

  add(labels: string, series: S, began: number): void {
    const { used, size } = this;
    const end = used + Buffer.byteLength(labels);
    this.#makeRoom(end);
    this.bytes.write(labels, used);
    if (size === 0) {
      // The lists have room for one series only, because most families have one if each metric has a name of its own.
      this.ends = [end];
      this.began = [began];
      this.series = [series];
    } else {
      (this.ends as number[]).push(end);
      (this.began as number[]).push(began);
      (this.series as S[]).push(series);
    }
  }

  /** A new block with the kept series, as small as possible. */
  filtered(isKept: (series: S) => boolean): Block<S> {
    const places = [...this.series.keys()].filter((at) => isKept(this.series[at]!));
    const kept = new Block<S>();
    let used = 0;
    kept.ends = places.map((at) => (used += this.ends[at]! - this.#startOf(at)));
    kept.began = places.map((at) => this.began[at]!);
    kept.series = places.map((at) => this.series[at]!);
    kept.bytes = Buffer.allocUnsafeSlow(used);
    for (const [to, at] of places.entries()) {
      this.bytes.copy(kept.bytes, kept.#startOf(to), this.#startOf(at), this.ends[at]);
    }
    return kept;
  }

  #startOf(at: number): number {
    return at === 0 ? 0 : this.ends[at - 1]!;
  }

  #makeRoom(bytes: number): void {
    if (bytes <= this.bytes.length) return;
    // The first, short labels share memory with other buffers.
    const longer =
      this.size === 0 ? Buffer.allocUnsafe(bytes) : Buffer.allocUnsafeSlow(Math.ceil(bytes * GROWTH));
    this.bytes.copy(longer, 0, 0, this.used);
    this.bytes = longer;
  }
}
