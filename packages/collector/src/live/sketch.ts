/** At this scale a bucket is 2^(1/32) times as large as the one before, so a percentile is at most 1.1 % wrong. */
const FINEST_SCALE = 5;
const COARSEST_SCALE = -4;
/** The most buckets. At the finest scale they reach from a value to 256 times it. Other values make buckets twice as wide. */
const MOST_BUCKETS = 256;
const FIRST_BUCKETS = 4;
const [NO_KEYS, NO_COUNTS] = [new Int32Array(0), new Float32Array(0)];
/** Values nearer to zero than this count as zero. */
const SMALLEST = 2 ** -64;
/** Added to the index of a bucket, so that positive values have positive keys. Negative values have negative keys. Zero has 0. */
const OFFSET = 1 << 16;
/** A bucket whose count has faded below this is removed. */
const FADED = 0.01;

/**
 * Counts values by their size, in at most 256 buckets, which take 2 KB. Percentiles are within 1 %, or within 2 % if the largest
 * value is more than 256 times the smallest. Counts may fade, so that only recent values weigh.
 */
export class Sketch {
  #keys = NO_KEYS;
  #counts = NO_COUNTS;
  #size = 0;
  #scale = FINEST_SCALE;
  #count = 0;
  #min = Infinity;
  #max = -Infinity;

  /** The weight of all values. */
  get count(): number {
    return this.#count;
  }

  /** @param weight - the number of values that this value stands for. */
  add(value: number, weight: number): void {
    this.#count += weight;
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
    const key = this.#keyOf(value);
    const at = this.#placeOf(key);
    if (at === this.#size || this.#keys[at] !== key) this.#makeRoom(at, key);
    this.#counts[at]! += weight;
    while (this.#size > MOST_BUCKETS && this.#scale > COARSEST_SCALE) this.#halve();
  }

  /** Takes over all counts of another sketch. */
  copy(other: Sketch): void {
    this.#keys = other.#keys.slice();
    this.#counts = other.#counts.slice();
    this.#size = other.#size;
    this.#scale = other.#scale;
    this.#count = other.#count;
    this.#min = other.#min;
    this.#max = other.#max;
  }

  /** Forgets everything, and frees the buckets, because most series are idle most of the time. */
  clear(): void {
    this.#keys = NO_KEYS;
    this.#counts = NO_COUNTS;
    this.#size = this.#count = 0;
    this.#scale = FINEST_SCALE;
    this.#min = Infinity;
    this.#max = -Infinity;
  }

  /** Multiplies all counts by a factor. Buckets with nearly no count are removed. */
  fade(factor: number): void {
    let [size, count] = [0, 0];
    for (let at = 0; at < this.#size; at++) {
      const faded = this.#counts[at]! * factor;
      if (faded < FADED) continue;
      this.#keys[size] = this.#keys[at]!;
      this.#counts[size++] = faded;
      count += faded;
    }
    this.#size = size;
    this.#count = count;
    if (size === 0) this.clear();
  }

  /** The quantile for a share from 0 to 1. NaN without values. */
  quantile(share: number): number {
    // Counts are of single precision, so their sum is a little off.
    const wanted = share * this.#count - 1e-6 * this.#count;
    let below = 0;
    for (let at = 0; at < this.#size; at++) {
      below += this.#counts[at]!;
      if (below >= wanted) return this.#valueOf(this.#keys[at]!);
    }
    return this.#size === 0 ? NaN : this.#max;
  }

  #keyOf(value: number): number {
    const magnitude = Math.abs(value);
    if (!(magnitude > SMALLEST)) return 0;
    const index = Math.ceil(Math.log2(magnitude) * 2 ** this.#scale) + OFFSET;
    return value > 0 ? index : -index;
  }

  /** The middle of a bucket, but not below the smallest value seen, nor above the largest. */
  #valueOf(key: number): number {
    if (key === 0) return 0;
    const middle = 2 ** ((Math.abs(key) - OFFSET - 0.5) / 2 ** this.#scale);
    return Math.min(this.#max, Math.max(this.#min, key > 0 ? middle : -middle));
  }

  #placeOf(key: number): number {
    let [low, high] = [0, this.#size];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#keys[middle]! < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #makeRoom(at: number, key: number): void {
    if (this.#size === this.#keys.length) {
      const length = Math.min(MOST_BUCKETS + 1, Math.max(FIRST_BUCKETS, this.#size * 2));
      const [keys, counts] = [new Int32Array(length), new Float32Array(length)];
      keys.set(this.#keys);
      counts.set(this.#counts);
      this.#keys = keys;
      this.#counts = counts;
    }
    this.#keys.copyWithin(at + 1, at, this.#size);
    this.#counts.copyWithin(at + 1, at, this.#size);
    this.#keys[at] = key;
    this.#counts[at] = 0;
    this.#size++;
  }

  /** Merges neighbouring buckets in pairs. */
  #halve(): void {
    this.#scale--;
    let size = 0;
    for (let at = 0; at < this.#size; at++) {
      const key = coarser(this.#keys[at]!);
      const count = this.#counts[at]!;
      if (size > 0 && this.#keys[size - 1] === key) this.#counts[size - 1]! += count;
      else {
        this.#keys[size] = key;
        this.#counts[size++] = count;
      }
    }
    this.#size = size;
  }
}

function coarser(key: number): number {
  if (key === 0) return 0;
  // The index is rounded up, because an upper bound belongs to its bucket.
  const index = Math.ceil((Math.abs(key) - OFFSET) / 2) + OFFSET;
  return key > 0 ? index : -index;
}
