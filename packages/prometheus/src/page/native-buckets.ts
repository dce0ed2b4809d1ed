import type { ProtobufWriter } from './protobuf-writer.js';
import type { NativeBuckets, Run } from './series.js';

const NATIVE = {
  schema: 0x28,
  zeroThreshold: 0x31,
  zeroCount: 0x38,
  negativeSpan: 0x4a,
  negativeDelta: 0x52,
  positiveSpan: 0x62,
  positiveDelta: 0x6a,
} as const;
const SPAN = { offset: 0x08, length: 0x10 } as const;

/** Values nearer to zero than this count as zero. Prometheus' client libraries have the same threshold. */
const ZERO_THRESHOLD = 2 ** -128;
/** Up to this many empty buckets are written as such, because another span would take more bytes. */
const SHORT_GAP = 2;
const NO_BUCKETS: Run = { indexes: new Int32Array(0), counts: new Float64Array(0), size: 0 };

/**
 * Writes the fields of a native histogram. Runs of buckets in use become spans. Counts are differences from the bucket before.
 *
 * @param isZero - whether the histogram is written without any values.
 */
export function writeNativeBuckets(to: ProtobufWriter, buckets: NativeBuckets, isZero: boolean): void {
  const { scale, zeroCount, positive, negative } = buckets;
  to.sint(NATIVE.schema, scale);
  to.double(NATIVE.zeroThreshold, ZERO_THRESHOLD);
  to.uint(NATIVE.zeroCount, isZero ? 0 : zeroCount);
  writeRun(to, NATIVE.negativeSpan, NATIVE.negativeDelta, isZero ? NO_BUCKETS : negative);
  writeRun(to, NATIVE.positiveSpan, NATIVE.positiveDelta, isZero ? NO_BUCKETS : positive);
  // An empty span marks a histogram without values as a native one.
  if (isZero || positive.size + negative.size === 0) to.nested(NATIVE.positiveSpan, () => {});
}

function writeRun(to: ProtobufWriter, spanTag: number, deltaTag: number, run: Run): void {
  if (run.size === 0) return;
  for (let from = 0, end = 0; from < run.size;) {
    const until = endOfSpan(run, from);
    const [first, last] = [run.indexes[from]!, run.indexes[until - 1]!];
    const offset = first - end;
    to.nested(spanTag, () => {
      to.sint(SPAN.offset, offset);
      to.uint(SPAN.length, last - first + 1);
    });
    end = last + 1;
    from = until;
  }
  to.nested(deltaTag, () => {
    let before = 0;
    for (let from = 0; from < run.size;) {
      const until = endOfSpan(run, from);
      for (let at = from, index = run.indexes[from]!; at < until; index++) {
        const count = run.indexes[at] === index ? run.counts[at++]! : 0;
        to.signed(count - before);
        before = count;
      }
      from = until;
    }
  });
}

/** The end of a span: the index of the first element that doesn't belong to the span that begins at `from`. */
function endOfSpan({ indexes, size }: Run, from: number): number {
  let at = from + 1;
  while (at < size && indexes[at]! - indexes[at - 1]! - 1 <= SHORT_GAP) at++;
  return at;
}
