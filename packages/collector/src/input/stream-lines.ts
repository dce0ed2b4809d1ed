const NEWLINE = 10;
/** The longest line, in bytes. An event of DogStatsD's has 8192 at most. */
const LONGEST_LINE = 16_384;
const FIRST_ROOM = 256;

export interface StreamLinesOptions {
  /** Gets each line that isn't empty, without its end. */
  readonly onLine: (bytes: Buffer, from: number, to: number) => void;
  /** Called for a line that is over 16,384 bytes, or whose end doesn't come, with its beginning. It is left out. */
  readonly onLost: (beginning: Buffer) => void;
}

/** Puts the lines of a stream together, wherever it is cut. */
export class StreamLines {
  readonly #options: StreamLinesOptions;
  /** The beginning of a line. */
  #room = Buffer.alloc(0);
  #length = 0;
  /** The rest of the line is passed over, because it is too long. */
  #isTooLong = false;

  constructor(options: StreamLinesOptions) {
    this.#options = options;
  }

  take(chunk: Buffer): void {
    for (let from = 0; from < chunk.length;) {
      const newline = chunk.indexOf(NEWLINE, from);
      const to = newline < 0 ? chunk.length : newline;
      const isWhole = newline >= 0 && this.#length === 0 && !this.#isTooLong;
      if (isWhole && to - from <= LONGEST_LINE) {
        if (to > from) this.#options.onLine(chunk, from, to);
      } else {
        this.#keep(chunk, from, to);
        if (newline >= 0) this.#line();
      }
      from = to + 1;
    }
  }

  /** The stream has ended as it should. Its last line needs no end. */
  end(): void {
    this.#line();
  }

  /** The stream was cut off. What came of the last line might say something else than the whole would. */
  cutOff(): void {
    if (this.#length > 0 && !this.#isTooLong) this.#options.onLost(this.#room.subarray(0, this.#length));
    this.#begin();
  }

  #keep(chunk: Buffer, from: number, to: number): void {
    if (this.#isTooLong) return;
    const length = this.#length + to - from;
    if (length > LONGEST_LINE) {
      this.#options.onLost(
        this.#length > 0 ? this.#room.subarray(0, this.#length) : chunk.subarray(from, to),
      );
      this.#begin();
      this.#isTooLong = true;
      return;
    }
    if (length > this.#room.length) {
      const room = Buffer.alloc(Math.min(LONGEST_LINE, Math.max(FIRST_ROOM, length, this.#room.length * 2)));
      this.#room.copy(room, 0, 0, this.#length);
      this.#room = room;
    }
    chunk.copy(this.#room, this.#length, from, to);
    this.#length = length;
  }

  #line(): void {
    if (this.#length > 0) this.#options.onLine(this.#room, 0, this.#length);
    this.#begin();
  }

  /** Idle connections hold no memory. */
  #begin(): void {
    this.#room = Buffer.alloc(0);
    this.#length = 0;
    this.#isTooLong = false;
  }
}
