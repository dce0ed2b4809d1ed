import type { ChunkWriter } from './chunks.js';
import { copyBytes } from './copy-bytes.js';
import type { NumberFamily } from './family.js';
import { MOST_DIGITS, writeNumber } from './number.js';

/** Writes the lines of counters or gauges. Each series has one line. */
export class NumberLines {
  readonly #block: NumberFamily['block'];
  /** The beginning of a line without labels, up to the value. */
  readonly #bare: Buffer;
  /** The beginning of a line with labels, up to the first label. */
  readonly #open: Buffer;

  constructor({ name, block }: NumberFamily) {
    this.#block = block;
    this.#bare = Buffer.from(`${name} `);
    this.#open = Buffer.from(`${name}{`);
  }

  /** The most bytes that the line of a series needs. */
  roomFor(at: number): number {
    const { ends } = this.#block;
    return this.#open.length + ends[at]! - (at === 0 ? 0 : ends[at - 1]!) + MOST_DIGITS + 3;
  }

  /** Writes series, beginning at `from`, as far as there is room. Returns the index of the first that wasn't written. */
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
      if (end === start) to = copyBytes(bare, 0, bare.length, out, to);
      else {
        to = copyBytes(open, 0, open.length, out, to);
        to = copyBytes(bytes, start, end, out, to);
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
