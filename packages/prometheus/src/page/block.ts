/** The factor by which the memory for labels grows. It grows by a share, so that adding costs the same however long it is. */
const GROWTH = 1.3;
const NO_BYTES = Buffer.alloc(0);

/**
 * Series with their labels as bytes, one after another. Series are only added: a block without those that have gone is a new
 * block, so a page under way goes on in the one in which it began.
 */
export class Block<S> {
  /** The labels of all series, one after another. */
  bytes: Buffer = NO_BYTES;
  /** Where the labels of each series end. */
  ends: readonly number[] = [];
  /** When each series began, in ms since 1970. */
  began: readonly number[] = [];
  series: readonly S[] = [];

  get size(): number {
    return this.series.length;
  }

  /** How many bytes all labels have. */
  get used(): number {
    return this.size === 0 ? 0 : this.ends[this.size - 1]!;
  }

  add(labels: string, series: S, began: number): void {
    const { used, size } = this;
    const end = used + Buffer.byteLength(labels);
    this.#makeRoom(end);
    this.bytes.write(labels, used);
    if (size === 0) {
      // Where each metric has a name of its own, families have one series each. These lists have no room for another one.
      this.ends = [end];
      this.began = [began];
      this.series = [series];
    } else {
      (this.ends as number[]).push(end);
      (this.began as number[]).push(began);
      (this.series as S[]).push(series);
    }
  }

  /** The series that are to be kept, as a block of their own, as small as it can be. */
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
    // Short ones share memory with others.
    const longer =
      this.size === 0 ? Buffer.allocUnsafe(bytes) : Buffer.allocUnsafeSlow(Math.ceil(bytes * GROWTH));
    this.bytes.copy(longer, 0, 0, this.used);
    this.bytes = longer;
  }
}
