const NEWLINE = 10;
/** The longest line, in bytes. DogStatsD's longest event has 8192 bytes. */
const LONGEST_LINE = 16_384;
const FIRST_ROOM = 256;

export interface StreamLinesOptions {
  /** Called with each line that isn't empty, without its newline. */
  readonly onLine: (bytes: Buffer, from: number, to: number) => void;
  /** Called with the beginning of a lost line: one over 16,384 bytes, or one that the end of the connection has cut. */
  readonly onLost: (beginning: Buffer) => void;
}

/** Puts the lines of a stream together from its chunks. */
export class StreamLines {
  readonly #options: StreamLinesOptions;
  /** The beginning of a line whose newline hasn't come yet. */
  #room = Buffer.alloc(0);
  #length = 0;
  /** Whether the current line is too long, so that its rest is skipped. */
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

  /** Called when the stream has ended as it should. The last line needs no newline. */
  end(): void {
    this.#line();
  }

  /** Called when the stream was cut off. The last line is lost, because its beginning may have another meaning than the whole. */
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

  /** Frees the memory of a line, so that idle connections hold none. */
  #begin(): void {
    this.#room = Buffer.alloc(0);
    this.#length = 0;
    this.#isTooLong = false;
  }
}
