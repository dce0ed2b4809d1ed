/**
 * The finest scale: each bucket is 2^(1/64) times as wide as the one before, so a quantile that is read from a bucket is at
 * most 1.1 % wrong.
 */
const FINEST_SCALE = 6;
const COARSEST_SCALE = -4;
/** The most buckets in use, above zero and below it each, in 12 KB. At the finest scale they span a factor of 65,536. */
const MOST_BUCKETS = 1024;
/** Values nearer to zero than this count as zero. Prometheus' client libraries have the same threshold. */
const ZERO_THRESHOLD = 2 ** -128;

/**
 * Counts by the index of their bucket, in rising order. The upper bound of bucket `i` is 2^(i / 2^scale), which is part of it.
 */
export interface BucketRun {
  readonly indexes: Int32Array;
  readonly counts: Float64Array;
  /** The number of elements in use, from the first. */
  readonly size: number;
}

/**
 * Counts values by their size, in buckets that nobody has to choose. Prometheus calls this a native histogram, and
 * OpenTelemetry an exponential one. Only buckets in use take memory. If there are too many, neighbours are merged in pairs.
 *
 * @see https://prometheus.io/docs/specs/native_histograms/
 */
export class ExponentialBuckets {
  readonly positive: Run = new Run();
  /** The counts of values below zero, by their magnitude. */
  readonly negative: Run = new Run();
  zeroCount = 0;
  #scale = FINEST_SCALE;

  /** The scale. Each bound is 2^(2^-scale) times the bound before. */
  get scale(): number {
    return this.#scale;
  }

  /** @param times - the number of times that the value was seen. */
  add(value: number, times: number): void {
    const magnitude = Math.abs(value);
    if (!(magnitude > ZERO_THRESHOLD)) {
      this.zeroCount += times;
      return;
    }
    const run = value > 0 ? this.positive : this.negative;
    run.add(coarser(finestIndexOf(magnitude), FINEST_SCALE - this.#scale), times);
    while (run.size > MOST_BUCKETS && this.#scale > COARSEST_SCALE) {
      this.#scale--;
      this.positive.halve();
      this.negative.halve();
    }
  }
}

const NO_INDEXES = new Int32Array(0);
const NO_COUNTS = new Float64Array(0);

/** Counts by index, sorted. */
class Run implements BucketRun {
  indexes: Int32Array = NO_INDEXES;
  counts: Float64Array = NO_COUNTS;
  size = 0;

  add(index: number, times: number): void {
    const at = this.#placeOf(index);
    if (at >= this.size || this.indexes[at] !== index) this.#makeRoom(at, index);
    this.counts[at]! += times;
  }

  /** Merges neighbouring buckets in pairs. */
  halve(): void {
    let size = 0;
    for (let at = 0; at < this.size; at++) {
      const index = coarser(this.indexes[at]!, 1);
      const count = this.counts[at]!;
      if (size > 0 && this.indexes[size - 1] === index) this.counts[size - 1]! += count;
      else {
        this.indexes[size] = index;
        this.counts[size++] = count;
      }
    }
    this.counts.fill(0, size);
    this.size = size;
  }

  /** The first place whose index isn't smaller. */
  #placeOf(index: number): number {
    let [low, high] = [0, this.size];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.indexes[middle]! < index) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #makeRoom(at: number, index: number): void {
    if (this.size === this.indexes.length) {
      const length = Math.ceil(this.size * 1.5) + 4;
      const [indexes, counts] = [new Int32Array(length), new Float64Array(length)];
      indexes.set(this.indexes);
      counts.set(this.counts);
      this.indexes = indexes;
      this.counts = counts;
    }
    this.indexes.copyWithin(at + 1, at, this.size);
    this.counts.copyWithin(at + 1, at, this.size);
    this.indexes[at] = index;
    this.counts[at] = 0;
    this.size++;
  }
}

const STEPS = 2 ** FINEST_SCALE;
/** Upper bounds of the buckets between 1/2 and 1. */
const FRACTIONS = Float64Array.from({ length: STEPS }, (_, at) => 2 ** ((at + 1) / STEPS) / 2);
const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);
const HIGH_WORD = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 1 : 0; // little-endian machines keep it last

/** The bucket of a normal double above zero, at the finest scale. */
function finestIndexOf(value: number): number {
  double[0] = value;
  const high = words[HIGH_WORD]!;
  const exponent = (high >>> 20) - 1022;
  words[HIGH_WORD] = (high & 0xf_ffff) | (1022 << 20);
  const fraction = double[0]; // from 1/2 up to 1
  let [low, end] = [0, STEPS];
  while (low < end) {
    const middle = (low + end) >>> 1;
    if (FRACTIONS[middle]! < fraction) low = middle + 1;
    else end = middle;
  }
  // A power of two has the fraction 1/2. It is the upper bound of its bucket, so it belongs to the bucket below.
  return fraction === 0.5 ? (exponent - 1) * STEPS : low + 1 + (exponent - 1) * STEPS;
}

/** The index of the same bucket at a coarser scale. It is rounded up, because an upper bound belongs to its bucket. */
export function coarser(index: number, scales: number): number {
  return ((index - 1) >> scales) + 1;
}
