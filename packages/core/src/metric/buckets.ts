import type { Distribution, Samples } from './view.js';

/**
 * How often values of each size were seen, in log-linear buckets: 64 to each power of two, so that a bucket is at
 * most 1/64 wide, relative to its values. The bucket of a value is read off the bits of the double (exponent, and the
 * first six bits of the mantissa), as HdrHistogram does for integers.
 *
 * Values from 2^-20 up to 2^44 have buckets of their own; smaller ones (zero and negative ones too) share the first
 * bucket and larger ones the last. Only the powers of two in use take memory: about 4 KB for latencies, at most 32 KB.
 */
export class Buckets {
  #counts = new Float64Array(0);
  /** Index of the bucket that `#counts` begins with; a multiple of OCTAVE. */
  #start = 0;
  #count = 0;
  #sum = 0;
  #min = Infinity;
  #max = -Infinity;

  /** @param weight - how many values this one stands for: a sampled one for 1 / rate. */
  add(value: number, weight: number): void {
    const bucket = bucketOf(value);
    let at = bucket - this.#start;
    if (!(at >= 0 && at < this.#counts.length)) {
      this.#makeRoom(bucket);
      at = bucket - this.#start;
    }
    this.#counts[at]! += weight;
    this.#count += weight;
    this.#sum += value * weight;
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
  }

  /**
   * The values as at most `length` that stand for all: minimum and maximum, for themselves; and the means of `length - 2`
   * slices of equal rank of the rest. Slice means, unlike quantiles, keep the sum; they are scaled (by less than the
   * buckets' own error) to make it exact. Too few for that are slices only.
   */
  summary(length: number): Samples {
    const values = new Float64Array(Math.max(1, Math.min(length, Math.floor(this.#count))));
    const exact = values.length >= 3 ? 2 : 0;
    if (exact === 2) values.set([this.#min, this.#max]);
    const slices = values.subarray(exact);
    const rest = this.#count - exact;
    const rate = slices.length / rest;
    const sum = this.#fillSliceMeans(slices, rest, exact / 2) / rate;
    let scale = (exact === 2 ? this.#sum - this.#min - this.#max : this.#sum) / sum;
    if (!(Math.abs(scale - 1) <= RELATIVE_WIDTH)) scale = 1; // an extreme so large that the sum says nothing of the rest
    for (const [i, mean] of slices.entries())
      slices[i] = Math.min(this.#max, Math.max(this.#min, mean * scale));
    return { values, length: values.length, exact, rate: Math.min(1, rate) };
  }

  /**
   * How many values lie at or below each bound, and beyond the bound before. A bucket counts as a whole, by its lower edge:
   * values of up to 1/64 above a bound may count as below it, and counts never fall while values are added.
   *
   * @param bounds - in rising order.
   * @returns one number more than there are bounds: the last is that of the values above all.
   */
  distribution(bounds: readonly number[]): Distribution {
    const counts = Array.from({ length: bounds.length + 1 }, () => 0);
    for (const [at, count] of this.#counts.entries()) {
      if (count === 0) continue;
      const bucket = at + this.#start;
      const low = bucket <= 0 ? this.#min : lowerEdge(bucket);
      const i = bounds.findIndex((bound) => bound >= low);
      counts[i < 0 ? bounds.length : i]! += count;
    }
    return { counts, count: this.#count, sum: this.#sum, min: this.#min, max: this.#max };
  }

  /**
   * Fills `means` with the means of slices of equal rank, and returns their sum. A bucket's values count as evenly spread.
   *
   * @param extremes - how many minima and maxima, each, are left out.
   */
  #fillSliceMeans(means: Float64Array, rest: number, extremes: number): number {
    const width = rest / means.length;
    let bucket = -1;
    let left = 0; // values of the bucket that no slice has taken yet
    let low = 0;
    let step = 0; // from one value of the bucket to the next
    let sum = 0;
    for (let slice = 0; slice < means.length; slice++) {
      let missing = width;
      let mean = 0;
      while (missing > 1e-9 * width) {
        if (left <= 0) {
          do bucket++;
          while (bucket < this.#counts.length && (left = this.#countWithout(extremes, bucket)) <= 0);
          if (bucket >= this.#counts.length) break; // rounding has left a last trace
          low = this.#edge(bucket);
          step = (this.#edge(bucket + 1) - low) / left;
        }
        const taken = Math.min(left, missing);
        mean += (taken / width) * (low + (taken * step) / 2);
        low += taken * step;
        left -= taken;
        missing -= taken;
      }
      sum += means[slice] = mean / (1 - missing / width);
    }
    return sum;
  }

  #countWithout(extremes: number, at: number): number {
    const bucket = at + this.#start;
    const [isMin, isMax] = [bucket === bucketOf(this.#min), bucket === bucketOf(this.#max)];
    return this.#counts[at]! - extremes * (Number(isMin) + Number(isMax));
  }

  /** The lower edge of the bucket at this place, no further out than the values that were seen. */
  #edge(at: number): number {
    const bucket = at + this.#start;
    const edge = bucket <= 0 ? -Infinity : bucket > LAST ? Infinity : lowerEdge(bucket);
    return Math.min(this.#max, Math.max(this.#min, edge));
  }

  #makeRoom(bucket: number): void {
    const octave = Math.floor(bucket / OCTAVE) * OCTAVE;
    const empty = this.#counts.length === 0;
    const start = empty ? octave : Math.min(this.#start, octave);
    const end = Math.max(octave + OCTAVE, empty ? 0 : this.#start + this.#counts.length);
    const counts = new Float64Array(end - start);
    counts.set(this.#counts, empty ? 0 : this.#start - start);
    this.#counts = counts;
    this.#start = start;
  }
}

/** Buckets to a power of two. */
const OCTAVE = 64;
const RELATIVE_WIDTH = 1 / OCTAVE;
const LOWEST_EXPONENT = -20;
const OCTAVES = 64;
/** The last bucket; 0 is the first, for everything below 2^-20. */
const LAST = OCTAVES * OCTAVE - 1;

const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);
const HIGH_WORD = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 1 : 0; // little-endian machines keep it last
const MANTISSA_BITS_DROPPED = 14; // of the 20 that the high word has: 6 remain
const OFFSET = (1023 + LOWEST_EXPONENT) * OCTAVE;

function bucketOf(value: number): number {
  if (!(value >= 2 ** LOWEST_EXPONENT)) return 0;
  double[0] = value;
  return Math.min(LAST, (words[HIGH_WORD]! >>> MANTISSA_BITS_DROPPED) - OFFSET);
}

function lowerEdge(bucket: number): number {
  const exponent = Math.floor(bucket / OCTAVE) + LOWEST_EXPONENT;
  return 2 ** exponent * (1 + (bucket % OCTAVE) / OCTAVE);
}
