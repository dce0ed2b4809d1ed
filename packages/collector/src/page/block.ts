/** What a block grows by, so that adding costs the same however long it is. */
const GROWTH = 1.3;

/**
 * Series with their labels as bytes, one after another. Series are only added: a block without those that have gone is a new
 * block, so a page under way goes on in the one in which it began.
 */
export class Block<S> {
  /** The labels of all series, one after another. */
  bytes: Buffer = Buffer.alloc(0);
  /** Where the labels of each series end. */
  ends: Uint32Array = new Uint32Array(0);
  /** When each series began, in ms since 1970. */
  began: Float64Array = new Float64Array(0);
  readonly series: S[] = [];

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
    this.ends[size] = end;
    this.began[size] = began;
    this.series.push(series);
  }

  /** The series that are to be kept, as a block of their own, as small as it can be. */
  filtered(isKept: (series: S) => boolean): Block<S> {
    const kept = new Block<S>();
    let [size, used] = [0, 0];
    for (const [at, one] of this.series.entries()) {
      if (!isKept(one)) continue;
      size++;
      used += this.ends[at]! - this.#startOf(at);
    }
    kept.bytes = Buffer.allocUnsafeSlow(used);
    kept.ends = new Uint32Array(size);
    kept.began = new Float64Array(size);
    for (const [at, one] of this.series.entries()) {
      if (!isKept(one)) continue;
      const start = kept.used;
      const length = this.bytes.copy(kept.bytes, start, this.#startOf(at), this.ends[at]);
      kept.ends[kept.size] = start + length;
      kept.began[kept.size] = this.began[at]!;
      kept.series.push(one);
    }
    return kept;
  }

  #startOf(at: number): number {
    return at === 0 ? 0 : this.ends[at - 1]!;
  }

  #makeRoom(bytes: number): void {
    if (bytes > this.bytes.length) {
      const longer = Buffer.allocUnsafeSlow(Math.ceil(this.bytes.length === 0 ? bytes : bytes * GROWTH));
      this.bytes.copy(longer, 0, 0, this.used);
      this.bytes = longer;
    }
    if (this.size < this.ends.length) return;
    const length = Math.ceil((this.size + 1) * (this.size === 0 ? 1 : GROWTH));
    const [ends, began] = [new Uint32Array(length), new Float64Array(length)];
    ends.set(this.ends);
    began.set(this.began);
    this.ends = ends;
    this.began = began;
  }
}
