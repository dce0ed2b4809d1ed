import { type Chunk, ChunkWriter } from './chunks.js';
import type { Family, HistogramFamily, NumberFamily } from './family.js';
import { MOST_DIGITS, textOf, writeNumber } from './number.js';

/** How a page is written. */
export interface TextOptions {
  /** OpenMetrics 1.0, or the text format 0.0.4 of Prometheus. */
  readonly format: 'openmetrics' | 'text';
  /** Whether series that are held are shown as 0. */
  readonly isHolding: boolean;
}

/** A copy of up to so many bytes is quicker byte by byte than by a call. */
const SHORT_COPY = 120;

/**
 * Writes families as text, a chunk at a time. A series is read when it is written, all of its lines at once, so a histogram is
 * right in itself, however long the reader takes.
 */
export function* textPage(
  families: Iterable<Family>,
  { format, isHolding }: TextOptions,
): Generator<Chunk, void, undefined> {
  const writer = new ChunkWriter();
  // Those of now, because a family that appears meanwhile may have the name of one that has gone, and was written.
  const all = [...families];
  const names = new Set<string>();
  if (format === 'openmetrics') for (const { name } of all) names.add(name);
  for (const family of all) {
    const { block } = family;
    if (block.size === 0) continue;
    const head = format === 'openmetrics' ? openMetricsHead(family, names) : textHead(family);
    const headBytes = 3 * head.length; // in UTF-8, at most
    if (!writer.hasRoom(headBytes)) yield { bytes: writer.take(headBytes), isLast: false };
    writer.text(head);
    const lines = family.type === 'histogram' ? new HistogramLines(family) : new NumberLines(family);
    // A series that appears meanwhile is part of the page as well.
    for (let at = 0; at < block.size;) {
      at = lines.write(writer, at, isHolding);
      if (at < block.size) yield { bytes: writer.take(lines.roomFor(at)), isLast: false };
    }
  }
  const end = format === 'openmetrics' ? '# EOF\n' : writer.at === 0 ? '# no metrics\n' : '';
  if (!writer.hasRoom(end.length)) yield { bytes: writer.take(), isLast: false };
  writer.text(end);
  yield { bytes: writer.take(), isLast: true };
}

function textHead({ name, help, type }: Family): string {
  return `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${type}\n`;
}

/**
 * In OpenMetrics a family of counters has the name without `_total`. Where a gauge or a histogram has that name already, the
 * counters are of unknown type, because no two families may have the same name.
 */
function openMetricsHead(family: Family, names: ReadonlySet<string>): string {
  let { name, type }: { name: string; type: string } = family;
  if (type === 'counter') {
    const base = name.replace(/_total$/, '');
    if (names.has(base)) type = 'unknown';
    else name = base;
  }
  const unit = family.type === 'histogram' && family.unit !== '' ? `# UNIT ${name} ${family.unit}\n` : '';
  const help = escapeHelp(family.help).replaceAll('"', '\\"');
  return `# TYPE ${name} ${type}\n${unit}# HELP ${name} ${help}\n`;
}

function escapeHelp(help: string): string {
  return help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

/** The lines of counters or gauges, one each. */
class NumberLines {
  readonly #family: NumberFamily;
  readonly #block: NumberFamily['block'];
  readonly #bare: Buffer;
  readonly #open: Buffer;

  constructor(family: NumberFamily) {
    this.#family = family;
    this.#block = family.block;
    this.#bare = Buffer.from(`${this.#family.name} `);
    this.#open = Buffer.from(`${this.#family.name}{`);
  }

  /** Bytes that the line of a series needs at most. */
  roomFor(at: number): number {
    const { ends } = this.#block;
    return this.#open.length + ends[at]! - (at === 0 ? 0 : ends[at - 1]!) + MOST_DIGITS + 3;
  }

  /** Writes series from one on, as far as there is room. Returns the first that wasn't written. */
  write(writer: ChunkWriter, from: number, isHolding: boolean): number {
    const { bytes, ends, series, size } = this.#block;
    const { out } = writer;
    const [bare, open] = [this.#bare, this.#open];
    const overhead = open.length + MOST_DIGITS + 3;
    let to = writer.at;
    let start = from === 0 ? 0 : ends[from - 1]!;
    let at = from;
    for (; at < size; at++) {
      const end = ends[at]!;
      if (to + overhead + end - start > out.length) break;
      const { isGone, isHeld, value } = series[at]!;
      if (isGone) {
        start = end;
        continue;
      }
      if (end === start) to = copy(bare, 0, bare.length, out, to);
      else {
        to = copy(open, 0, open.length, out, to);
        to = copy(bytes, start, end, out, to);
        out[to++] = 125; // }
        out[to++] = 32;
      }
      to = writeNumber(out, to, isHeld && isHolding ? 0 : value);
      out[to++] = 10;
      start = end;
    }
    writer.at = to;
    return at;
  }
}

/** The lines of histograms: one for each bucket, the sum and the count. */
class HistogramLines {
  readonly #block: HistogramFamily['block'];
  readonly #bucket: Buffer;
  readonly #sum: Buffer;
  readonly #count: Buffer;
  /** What stands behind the labels of a bucket: its bound. */
  readonly #tails: readonly Buffer[];
  /** Bytes of all lines of a series without labels. */
  readonly #fixed: number;

  constructor({ name, bounds, block }: HistogramFamily) {
    this.#block = block;
    this.#bucket = Buffer.from(`${name}_bucket{`);
    this.#sum = Buffer.from(`${name}_sum`);
    this.#count = Buffer.from(`${name}_count`);
    this.#tails = tailsOf(bounds);
    this.#fixed = this.#sum.length + this.#count.length + 2 * (MOST_DIGITS + 4);
    for (const tail of this.#tails) this.#fixed += this.#bucket.length + tail.length + MOST_DIGITS + 1;
  }

  /** Bytes that the lines of a series need at most. */
  roomFor(at: number): number {
    const { ends } = this.#block;
    const labels = ends[at]! - (at === 0 ? 0 : ends[at - 1]!);
    return this.#fixed + labels * (this.#tails.length + 2);
  }

  /** Writes series from one on, as far as there is room. Returns the first that wasn't written. */
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
      if (to + this.#fixed + (end - start) * (tails.length + 2) > out.length) break;
      const { isGone, isHeld, counts, count, sum } = series[at]!;
      if (isGone) {
        start = end;
        continue;
      }
      const isZero = isHeld && isHolding;
      // Where a series has no labels, there is no comma before the bound.
      const comma = end === start ? 1 : 0;
      let below = 0;
      const first = to;
      let lineEnd = to;
      for (let i = 0; i < tails.length; i++) {
        if (!isZero) below += counts[i]!;
        const tail = tails[i]!;
        if (i === 0) {
          to = copy(bucket, 0, bucket.length, out, to);
          to = copy(bytes, start, end, out, to);
          lineEnd = to;
        } else {
          // The beginning is that of the line before, and stands in the chunk already.
          const length = lineEnd - first;
          if (length < SHORT_COPY) for (let j = first; j < lineEnd; j++) out[to++] = out[j]!;
          else {
            out.copyWithin(to, first, lineEnd);
            to += length;
          }
        }
        to = copy(tail, comma, tail.length, out, to);
        to = writeNumber(out, to, below);
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

function writeLine(
  name: Buffer,
  labels: Buffer,
  start: number,
  end: number,
  value: number,
  out: Buffer,
  from: number,
): number {
  let to = copy(name, 0, name.length, out, from);
  if (end > start) {
    out[to++] = 123; // {
    to = copy(labels, start, end, out, to);
    out[to++] = 125; // }
  }
  out[to++] = 32;
  to = writeNumber(out, to, value);
  out[to++] = 10;
  return to;
}

function copy(from: Buffer, start: number, end: number, into: Buffer, at: number): number {
  let to = at;
  if (end - start > SHORT_COPY) return at + from.copy(into, at, start, end);
  for (let i = start; i < end; i++) into[to++] = from[i]!;
  return to;
}

/** For all families of the same bounds. */
const tailsByBounds = new WeakMap<readonly number[], readonly Buffer[]>();

function tailsOf(bounds: readonly number[]): readonly Buffer[] {
  let tails = tailsByBounds.get(bounds);
  if (tails === undefined) {
    // The same bound has the same text in both formats, because the text of a label makes the series.
    tails = [...bounds, Infinity].map((bound) => Buffer.from(`,le="${textOf(bound)}"} `));
    tailsByBounds.set(bounds, tails);
  }
  return tails;
}
