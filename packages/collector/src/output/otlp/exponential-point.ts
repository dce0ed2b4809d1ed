import type { ExponentialHistogram } from '@opentelemetry/sdk-metrics';
import { type BucketRun, type ExponentialBuckets, coarser } from '@afstatsd/prometheus/parts';

/** OTLP has a number for each bucket between the first and the last, in use or not: so many at most. */
const MOST_BUCKETS = 1024;

/** Exponential buckets as they stood at a time. */
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
 * @param before - an earlier reading of the same buckets, which is taken off. Default: nothing is.
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

/** @param scales - by how many scales it is made coarser. */
function dense(run: BucketRun, scales: number): Dense {
  if (run.size === 0) return { offset: 0, bucketCounts: [] };
  const first = firstOf(run, scales);
  const bucketCounts = Array.from({ length: lastOf(run, scales) - first + 1 }, () => 0);
  for (let at = 0; at < run.size; at++)
    bucketCounts[coarser(run.indexes[at]!, scales) - first]! += run.counts[at]!;
  // The index of OTLP is that of a bucket's lower bound.
  return { offset: first - 1, bucketCounts };
}

/** The earlier buckets are some of the later ones, since none ever gets empty. */
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
