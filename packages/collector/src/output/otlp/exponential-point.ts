import type { ExponentialHistogram } from '@opentelemetry/sdk-metrics';
import { type BucketRun, type ExponentialBuckets, coarser } from '@afstatsd/prometheus/parts';

/** The most buckets of a point. OTLP has a number for every bucket between the first and the last, even for empty ones. */
const MOST_BUCKETS = 1024;

/** A snapshot of exponential buckets. */
export interface ExponentialReading {
  readonly scale: number;
  readonly zeroCount: number;
  readonly positive: BucketRun;
  readonly negative: BucketRun;
}

type Point = Pick<ExponentialHistogram, 'scale' | 'zeroCount' | 'positive' | 'negative'>;

/** A copy of the buckets. */
export function readExponential(buckets: ExponentialBuckets): ExponentialReading {
  const { scale, zeroCount, positive, negative } = buckets;
  return { scale, zeroCount, positive: copyOf(positive), negative: copyOf(negative) };
}

/**
 * Buckets in the form of OTLP.
 *
 * @param before - an earlier reading of the same buckets, which is subtracted. Default: none.
 */
export function exponentialPoint(now: ExponentialReading, before?: ExponentialReading): Point {
  let { scale } = now;
  const isTooLong = (run: BucketRun): boolean =>
    run.size > 0 && lastOf(run, now.scale - scale) - firstOf(run, now.scale - scale) >= MOST_BUCKETS;
  while (isTooLong(now.positive) || isTooLong(now.negative)) scale--;
  const point = {
    scale,
    zeroCount: now.zeroCount - (before?.zeroCount ?? 0),
    positive: dense(now.positive, now.scale - scale),
    negative: dense(now.negative, now.scale - scale),
  };
  if (before !== undefined) {
    takeOff(point.positive, dense(before.positive, before.scale - scale));
    takeOff(point.negative, dense(before.negative, before.scale - scale));
  }
  return point;
}

interface Dense {
  readonly offset: number;
  readonly bucketCounts: number[];
}

/** @param scales - the number of scales by which the buckets are made coarser. */
function dense(run: BucketRun, scales: number): Dense {
  if (run.size === 0) return { offset: 0, bucketCounts: [] };
  const first = firstOf(run, scales);
  const bucketCounts = Array.from({ length: lastOf(run, scales) - first + 1 }, () => 0);
  for (let at = 0; at < run.size; at++)
    bucketCounts[coarser(run.indexes[at]!, scales) - first]! += run.counts[at]!;
  // OTLP numbers a bucket by its lower bound, and we by its upper bound.
  return { offset: first - 1, bucketCounts };
}

/** Subtracts earlier buckets. All of them are among the later ones, because no bucket ever gets empty. */
function takeOff(from: Dense, what: Dense): void {
  for (const [at, count] of what.bucketCounts.entries())
    from.bucketCounts[at + what.offset - from.offset]! -= count;
}

function copyOf({ indexes, counts, size }: BucketRun): BucketRun {
  return { indexes: indexes.slice(0, size), counts: counts.slice(0, size), size };
}

function firstOf(run: BucketRun, scales: number): number {
  return coarser(run.indexes[0]!, scales);
}

function lastOf(run: BucketRun, scales: number): number {
  return coarser(run.indexes[run.size - 1]!, scales);
}
