import type { Distribution, Samples } from './view.js';

/**
 * Counts of values in log-linear buckets. Each power of two has 64 buckets, so a bucket is at most 1/64 as wide as its values.
 * The bucket of a value is read from the bits of the double: the exponent, and the first six bits of the mantissa. HdrHistogram
 * does the same for integers.
 *
 * Values from 2^-20 up to 2^44 have buckets of their own. Smaller values, also zero and negative ones, share the first bucket.
 * Larger values share the last. Only the powers of two in use take memory: about 4 KB for latencies, at most 32 KB.
 */
export class Buckets {
  #counts = new Float64Array(0);
  /** Index of the bucket that `#counts` begins with. It is a multiple of OCTAVE. */
  #start = 0;
  #count = 0;
  #sum = 0;
  #min = Infinity;
  #max = -Infinity;

  /** @param weight - how many values this one stands for. A sampled value stands for 1 / rate. */
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
   * Represents all values by at most `length` values: the minimum, the maximum, and the means of slices of the rest. There are
   * `length - 2` slices, each with the same number of values. Slice means keep the sum, unlike quantiles. They are scaled by less
   * than the buckets' own error, so that the sum is exact. A summary of fewer than 3 values has slices only.
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
   * Counts the values between bounds. Each count is of values above the bound before, up to and with its own bound. A bucket
   * counts as a whole, by its lower edge. So values of up to 1/64 above a bound may count as below it, and counts never fall
   * while values are added.
   *
   * @param bounds - upper bounds in rising order.
   * @returns Its `counts` have one number more than there are bounds, for the values above all bounds.
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
   * Fills `means` with the means of slices of equal size, and returns their sum. Values count as evenly spread in their bucket.
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

  /** The lower edge of the bucket at this index, clamped to the minimum and maximum. */
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

/** Buckets per power of two. */
const OCTAVE = 64;
const RELATIVE_WIDTH = 1 / OCTAVE;
const LOWEST_EXPONENT = -20;
const OCTAVES = 64;
/** Index of the last bucket. The first is 0, for all values below 2^-20. */
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
