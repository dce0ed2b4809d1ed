import { CHUNK_BYTES, type Chunk } from './chunks.js';
import type { Family } from './family.js';
import { writeNativeBuckets } from './native-buckets.js';
import { ProtobufWriter, varintBytes } from './protobuf-writer.js';
import type { BucketExemplar, HistogramSeries, NumberSeries } from './series.js';

/** The tags of fields in `io.prometheus.client` (client_model's metrics.proto). A tag has the field's number and its type. */
const FAMILY = { name: 0x0a, help: 0x12, type: 0x18, metric: 0x22, unit: 0x2a } as const;
const METRIC = { label: 0x0a, gauge: 0x12, counter: 0x1a, histogram: 0x3a } as const;
const LABEL = { name: 0x0a, value: 0x12 } as const;
const NUMBER = { value: 0x09, createdTimestamp: 0x1a } as const;
const HISTOGRAM = { count: 0x08, sum: 0x11, bucket: 0x1a, createdTimestamp: 0x7a, exemplar: 0x82 } as const;
const BUCKET = { cumulativeCount: 0x08, upperBound: 0x11, exemplar: 0x1a } as const;
const EXEMPLAR = { label: 0x0a, value: 0x11, timestamp: 0x1a } as const;
const TIMESTAMP = { seconds: 0x08, nanos: 0x10 } as const;
const TYPES = { counter: 0, gauge: 1, histogram: 4 } as const;

const NOTHING = new Uint8Array(0);

/**
 * Writes families as `io.prometheus.client.MetricFamily`, each with its length before it. A family is in memory as a whole,
 * because its length comes first. Chunks without bytes come in between, so that the writer of a large family can pause.
 *
 * @param isHolding - whether series that are held are shown as 0.
 * @see https://github.com/prometheus/client_model/blob/master/io/prometheus/client/metrics.proto
 */
export function* protobufPage(
  families: Iterable<Family>,
  { isHolding }: { readonly isHolding: boolean },
): Generator<Chunk, void, undefined> {
  const parts = new Parts();
  const metric = new ProtobufWriter();
  for (const family of families) {
    const { block, name, help, type } = family;
    if (block.size === 0) continue;
    metric.clear();
    metric.string(FAMILY.name, name);
    metric.string(FAMILY.help, help);
    if (type !== 'counter') metric.uint(FAMILY.type, TYPES[type]); // a message without a type is a counter (0)
    if (type === 'histogram' && family.unit !== '') metric.string(FAMILY.unit, family.unit);
    parts.add(metric.written);
    for (let at = 0; at < block.size; at++) {
      if (block.series[at]!.isGone) continue;
      metric.clear();
      metric.nested(FAMILY.metric, () => writeMetric(metric, family, at, isHolding));
      if (parts.add(metric.written)) yield { bytes: NOTHING, isLast: false };
    }
    const { chunks, length } = parts.take();
    yield { bytes: lengthOf(length), isLast: false };
    for (const bytes of chunks) yield { bytes, isLast: false };
  }
  yield { bytes: NOTHING, isLast: true };
}

function lengthOf(bytes: number): Uint8Array {
  const length = Buffer.alloc(varintBytes(bytes));
  let rest = bytes;
  for (let at = 0; at < length.length; at++) {
    length[at] = at < length.length - 1 ? 128 + (rest % 128) : rest;
    rest = Math.floor(rest / 128);
  }
  return length;
}

function writeMetric(to: ProtobufWriter, family: Family, at: number, isHolding: boolean): void {
  const { bytes, ends, began } = family.block;
  writeLabels(to, bytes, at === 0 ? 0 : ends[at - 1]!, ends[at]!);
  if (family.type === 'histogram') {
    const series = family.block.series[at]!;
    const isZero = series.isHeld && isHolding;
    to.nested(METRIC.histogram, () => writeHistogram(to, series, family.bounds, isZero, began[at]!));
    return;
  }
  const series: NumberSeries = family.block.series[at]!;
  to.nested(METRIC[family.type], () => {
    to.double(NUMBER.value, series.isHeld && isHolding ? 0 : series.value);
    if (family.type === 'counter') writeTime(to, NUMBER.createdTimestamp, began[at]!);
  });
}

function writeHistogram(
  to: ProtobufWriter,
  { count, sum, counts, exponential, exemplars: all }: HistogramSeries,
  bounds: readonly number[],
  isZero: boolean,
  began: number,
): void {
  to.uint(HISTOGRAM.count, isZero ? 0 : count);
  to.double(HISTOGRAM.sum, isZero ? 0 : sum);
  const exemplars = isZero ? undefined : all;
  // The bucket above all bounds is implied, so it is written only if it has an exemplar.
  const buckets = exemplars?.[bounds.length] === undefined ? bounds.length : bounds.length + 1;
  let below = 0;
  for (let i = 0; i < buckets; i++) {
    if (!isZero) below += counts[i]!;
    to.nested(HISTOGRAM.bucket, () => {
      to.uint(BUCKET.cumulativeCount, below);
      to.double(BUCKET.upperBound, bounds[i] ?? Infinity);
      if (exemplars?.[i] !== undefined) to.nested(BUCKET.exemplar, () => writeExemplar(to, exemplars[i]!));
    });
  }
  if (exponential !== undefined) {
    writeNativeBuckets(to, exponential, isZero);
    for (const exemplar of exemplars ?? []) {
      if (exemplar !== undefined) to.nested(HISTOGRAM.exemplar, () => writeExemplar(to, exemplar), 1);
    }
  }
  writeTime(to, HISTOGRAM.createdTimestamp, began);
}

function writeExemplar(to: ProtobufWriter, { value, traceId, spanId, time }: BucketExemplar): void {
  for (const [name, text] of [
    ['trace_id', traceId],
    ['span_id', spanId],
  ] as const) {
    to.nested(EXEMPLAR.label, () => {
      to.string(LABEL.name, name);
      to.string(LABEL.value, text);
    });
  }
  to.double(EXEMPLAR.value, value);
  writeTime(to, EXEMPLAR.timestamp, time);
}

function writeTime(to: ProtobufWriter, tag: number, ms: number): void {
  to.nested(tag, () => {
    to.uint(TIMESTAMP.seconds, Math.floor(ms / 1000));
    to.uint(TIMESTAMP.nanos, Math.floor(ms % 1000) * 1_000_000);
  });
}

const [BACKSLASH, QUOTE, EQUALS, NEWLINE, LETTER_N] = [92, 34, 61, 10, 110];

/** Writes labels. They are read from their text: `route="/a",status_code="200"`. */
function writeLabels(to: ProtobufWriter, text: Buffer, start: number, end: number): void {
  for (let at = start; at < end;) {
    const nameStart = at;
    while (text[at] !== EQUALS) at++;
    const nameEnd = at;
    const valueStart = (at += 2);
    let escapes = 0;
    for (; text[at] !== QUOTE; at++) {
      if (text[at] !== BACKSLASH) continue;
      escapes++;
      at++;
    }
    const valueEnd = at;
    at += 2; // skip the quote and the comma
    to.begin(METRIC.label, fieldBytes(nameEnd - nameStart) + fieldBytes(valueEnd - valueStart - escapes));
    to.raw(LABEL.name, text, nameStart, nameEnd);
    if (escapes === 0) to.raw(LABEL.value, text, valueStart, valueEnd);
    else
      to.raw(
        LABEL.value,
        unescaped(text.subarray(valueStart, valueEnd), escapes),
        0,
        valueEnd - valueStart - escapes,
      );
  }
}

/** The size of a field with a content of `length` bytes, in bytes: the tag, the length, and the content. */
function fieldBytes(length: number): number {
  return 1 + varintBytes(length) + length;
}

function unescaped(text: Uint8Array, escapes: number): Uint8Array {
  const value = new Uint8Array(text.length - escapes);
  let at = 0;
  for (let i = 0; i < text.length; i++) {
    const isEscape = text[i] === BACKSLASH;
    if (isEscape) i++;
    value[at++] = isEscape && text[i] === LETTER_N ? NEWLINE : text[i]!;
  }
  return value;
}

/** The parts of a family, in chunks. */
class Parts {
  #chunks: Buffer[] = [];
  #out = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  #at = 0;
  #length = 0;

  /** Adds bytes. Returns whether a chunk has been filled. */
  add(bytes: Uint8Array): boolean {
    const isFull = this.#at + bytes.length > this.#out.length;
    if (isFull) {
      this.#chunks.push(this.#out.subarray(0, this.#at));
      this.#out = Buffer.allocUnsafeSlow(Math.max(CHUNK_BYTES, bytes.length));
      this.#at = 0;
    }
    this.#out.set(bytes, this.#at);
    this.#at += bytes.length;
    this.#length += bytes.length;
    return isFull;
  }

  /** Returns all chunks and their length in bytes. The next chunk begins another family. */
  take(): { readonly chunks: readonly Uint8Array[]; readonly length: number } {
    const chunks = [...this.#chunks, this.#out.subarray(0, this.#at)];
    const length = this.#length;
    this.#chunks = [];
    // The next family goes on in the same memory, because a page with many families has small ones.
    this.#out = this.#out.subarray(this.#at);
    this.#at = this.#length = 0;
    return { chunks, length };
  }
}
