import type { Sender } from '../receiver.js';
import { LINE, type ReadBatch } from './read-batch.js';

/** The most lines of a run. */
const MAX_LINES = 64;
/** A run of this many bytes takes no further line. */
const MAX_BYTES = 4096;
const UNDERSCORE = 95;
const NONE: readonly number[] = [];

/** Consecutive lines of one sender. One call of the plain decoder reads them. */
export interface LineRun {
  readonly lines: number;
  /** The lines, with a newline behind each. */
  readonly text: string;
  readonly bytes: number;
  /** Whether the text begins a line. Otherwise the run is the rest of one line, behind a `::`. */
  readonly isFirst: boolean;
  readonly from: Sender | undefined;
  /** The numbers by which the metric of the line is known from now on. Only a run of one line has any. */
  readonly learned: readonly number[];
}

/** The unknown lines of a batch, in runs. Reading many lines with a call takes half the time. */
export class LineRuns {
  readonly #ids: Int32Array;
  readonly #ends: Int32Array;
  readonly #text: Buffer;
  readonly #senders: ReadBatch['lines']['senders'];
  readonly #learned: ReadBatch['learned'];
  /** The next line's number, its start in the text, the current sender's index, and the index of the next entry of `learned`. */
  #line = 0;
  #start = 0;
  #sender = -1;
  #lesson = 0;

  constructor({ ids, lines: { text, ends, senders }, learned }: ReadBatch) {
    this.#ids = ids;
    this.#ends = ends;
    this.#text = Buffer.from(text.buffer, text.byteOffset, text.length);
    this.#senders = senders;
    this.#learned = learned;
  }

  /** The run that begins with this entry of the batch. The entry has to be a line. */
  at(entry: number): LineRun {
    const [first, start] = [this.#line, this.#start];
    if (this.#senderBegins) this.#sender++;
    const isFirst = this.#ends[first]! >= 0;
    const isAlone = !isFirst || this.#isSpecial;
    this.#pass();
    if (!isAlone) this.#passOthers(entry + 1, first, start);
    return {
      lines: this.#line - first,
      text: this.#text.toString('utf8', start, this.#start),
      bytes: this.#start - start,
      isFirst,
      from: this.#senders[this.#sender]?.[1],
      learned: this.#lessonsOf(first),
    };
  }

  #passOthers(from: number, first: number, start: number): void {
    for (let entry = from; this.#ids[entry] === LINE; entry++) {
      if (this.#line - first >= MAX_LINES || this.#start - start >= MAX_BYTES) return;
      if (this.#ends[this.#line]! < 0 || this.#isSpecial || this.#senderBegins) return;
      this.#pass();
    }
  }

  /** Whether the next line has to be a run by itself. It may be a client's report, or its metric is known from now on. */
  get #isSpecial(): boolean {
    return this.#text[this.#start] === UNDERSCORE || this.#learned[this.#lesson]?.[1] === this.#line;
  }

  get #senderBegins(): boolean {
    return this.#senders[this.#sender + 1]?.[0] === this.#line;
  }

  #pass(): void {
    const end = this.#ends[this.#line++]!;
    this.#start = (end >= 0 ? end : ~end) + 1;
  }

  #lessonsOf(line: number): readonly number[] {
    if (this.#learned[this.#lesson]?.[1] !== line) return NONE;
    const ids: number[] = [];
    for (; this.#learned[this.#lesson]?.[1] === line; this.#lesson++)
      ids.push(this.#learned[this.#lesson]![0]);
    return ids;
  }
}
