import type { ChunkWriter } from './chunks.js';
import { SHORT_COPY_BYTES, copyBytes } from './copy-bytes.js';
import type { HistogramFamily } from './family.js';
import { MOST_DIGITS, textOf, writeNumber } from './number.js';
import type { BucketExemplar } from './series.js';

/** The most bytes of an exemplar: 77, and those of its value and its time. */
const EXEMPLAR_BYTES = 77 + 2 * MOST_DIGITS;

/** The lines of histograms: one for each bucket, the sum and the count. */
export class HistogramLines {
  readonly #block: HistogramFamily['block'];
  readonly #bucket: Buffer;
  readonly #sum: Buffer;
  readonly #count: Buffer;
  /** The bound of each bucket, as the last label of its line. */
  readonly #tails: readonly Buffer[];
  /** The most bytes of all lines of a series without labels. */
  readonly #fixed: number;

  readonly #hasExemplars: boolean;

  /** @param hasExemplars - Whether exemplars are written. Only OpenMetrics has a form for them. */
  constructor({ name, bounds, block }: HistogramFamily, hasExemplars: boolean) {
    this.#block = block;
    this.#hasExemplars = hasExemplars;
    this.#bucket = Buffer.from(`${name}_bucket{`);
    this.#sum = Buffer.from(`${name}_sum`);
    this.#count = Buffer.from(`${name}_count`);
    this.#tails = tailsOf(bounds);
    this.#fixed = this.#sum.length + this.#count.length + 2 * (MOST_DIGITS + 4);
    for (const tail of this.#tails) this.#fixed += this.#bucket.length + tail.length + MOST_DIGITS + 1;
  }

  /** The most bytes that the lines of a series need. */
  roomFor(at: number): number {
    const { ends } = this.#block;
    const labels = ends[at]! - (at === 0 ? 0 : ends[at - 1]!);
    return this.#fixed + labels * (this.#tails.length + 2) + this.#exemplarBytes(at);
  }

  #exemplarBytes(at: number): number {
    const exemplars = this.#hasExemplars ? this.#block.series[at]!.exemplars : undefined;
    return exemplars === undefined ? 0 : exemplars.length * EXEMPLAR_BYTES;
  }

  /** Writes series, beginning at `from`, as far as there is room. Returns the index of the first that wasn't written. */
  write(writer: ChunkWriter, from: number, isHolding: boolean): number {
    const { bytes, ends, series, size } = this.#block;
    const { out } = writer;
    const tails = this.#tails;
    const bucket = this.#bucket;
    let to = writer.at;
    let at = from;
    let start = from === 0 ? 0 : ends[from - 1]!;
    for (; at < size; at++) {
      const end = ends[at]!;
      const room = this.#fixed + (end - start) * (tails.length + 2) + this.#exemplarBytes(at);
      if (to + room > out.length) break;
      const { isGone, isHeld, counts, count, sum, exemplars } = series[at]!;
      if (isGone) {
        start = end;
        continue;
      }
      const isZero = isHeld && isHolding;
      // A series without labels has no comma before the bound.
      const comma = end === start ? 1 : 0;
      let below = 0;
      const first = to;
      let lineEnd = to;
      for (let i = 0; i < tails.length; i++) {
        if (!isZero) below += counts[i]!;
        const tail = tails[i]!;
        if (i === 0) {
          to = copyBytes(bucket, 0, bucket.length, out, to);
          to = copyBytes(bytes, start, end, out, to);
          lineEnd = to;
        } else {
          // The line begins like the line before, which is already in the chunk. So the beginning is copied from there.
          const length = lineEnd - first;
          if (length < SHORT_COPY_BYTES) for (let j = first; j < lineEnd; j++) out[to++] = out[j]!;
          else {
            out.copyWithin(to, first, lineEnd);
            to += length;
          }
        }
        to = copyBytes(tail, comma, tail.length, out, to);
        to = writeNumber(out, to, below);
        if (exemplars !== undefined && this.#hasExemplars && !isZero)
          to = writeExemplar(out, to, exemplars[i]);
        out[to++] = 10;
      }
      to = writeLine(this.#sum, bytes, start, end, isZero ? 0 : sum, out, to);
      to = writeLine(this.#count, bytes, start, end, isZero ? 0 : count, out, to);
      start = end;
    }
    writer.at = to;
    return at;
  }
}

/** Writes an exemplar in OpenMetrics' form, behind the value of a bucket. */
function writeExemplar(out: Buffer, at: number, exemplar: BucketExemplar | undefined): number {
  if (exemplar === undefined) return at;
  const { traceId, spanId, value, time } = exemplar;
  const text = ` # {trace_id="${traceId}",span_id="${spanId}"} ${textOf(value)} ${(time / 1000).toFixed(3)}`;
  return at + out.write(text, at, 'latin1');
}

function writeLine(
  name: Buffer,
  labels: Buffer,
  start: number,
  end: number,
  value: number,
  out: Buffer,
  from: number,
): number {
  let to = copyBytes(name, 0, name.length, out, from);
  if (end > start) {
    out[to++] = 123; // {
    to = copyBytes(labels, start, end, out, to);
    out[to++] = 125; // }
  }
  out[to++] = 32;
  to = writeNumber(out, to, value);
  out[to++] = 10;
  return to;
}

/** The tails of lines, by bounds. Families with the same bounds share them. */
const tailsByBounds = new WeakMap<readonly number[], readonly Buffer[]>();

function tailsOf(bounds: readonly number[]): readonly Buffer[] {
  let tails = tailsByBounds.get(bounds);
  if (tails === undefined) {
    // A bound has the same text in both text formats, because another text would be another series.
    tails = [...bounds, Infinity].map((bound) => Buffer.from(`,le="${textOf(bound)}"} `));
    tailsByBounds.set(bounds, tails);
  }
  return tails;
}
