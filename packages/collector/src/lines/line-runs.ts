import type { Sender } from '../receiver.js';
import { LINE, type ReadBatch } from './read-batch.js';

/** Lines of a run, at most. */
const MAX_LINES = 64;
/** Bytes after which a run takes no further line. */
const MAX_BYTES = 4096;
const UNDERSCORE = 95;
const NONE: readonly number[] = [];

/** Lines that follow each other, come from one sender, and can be read with one call of the plain decoder. */
export interface LineRun {
  readonly lines: number;
  /** With a newline behind each. */
  readonly text: string;
  readonly bytes: number;
  /** Whether they begin as lines. Otherwise it is one that stands behind a `::`. */
  readonly isFirst: boolean;
  readonly from: Sender | undefined;
  /** The numbers that the metric of the one line is known by from then on. */
  readonly learned: readonly number[];
}

/** The lines of a batch that aren't known, in runs. To read many with a call takes half the time. */
export class LineRuns {
  readonly #ids: Int32Array;
  readonly #ends: Int32Array;
  readonly #text: Buffer;
  readonly #senders: ReadBatch['lines']['senders'];
  readonly #learned: ReadBatch['learned'];
  /** The next line, and where it, its sender and the next lesson stand. */
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

  /** The run that begins with this entry, which is a line. */
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

  /** Whether the next line is one whose outcome is looked at by itself: a client's report, or one by which a metric is known. */
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
