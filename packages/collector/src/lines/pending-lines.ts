import type { Sender } from '../receiver.js';
import type { Lines } from './read-batch.js';

/** The most lines in a batch. */
const MAX_LINES = 8_192;
/** The most bytes of all lines in a batch. A single line may be longer. */
const MAX_BYTES = 256 * 1024;
/** A line of at most this many bytes is copied byte by byte, because making a view of it takes longer. */
const SHORT = 100;
const NEWLINE = 10;

/** Unknown lines that wait to be handed over as they are. */
export class PendingLines {
  readonly #text = new Uint8Array(MAX_BYTES);
  /** A single line that is longer than `MAX_BYTES`. */
  #long: Uint8Array<ArrayBuffer> | undefined;
  readonly #ends = new Int32Array(MAX_LINES);
  #used = 0;
  #count = 0;
  #senders: [line: number, from: Sender | undefined][] = [];

  /** Whether there is room for a line of this length, in bytes. */
  fits(bytes: number): boolean {
    return this.#count === 0 || (this.#count < MAX_LINES && this.#used + bytes < MAX_BYTES);
  }

  /** Adds a line that fits. Returns its number. */
  add(
    bytes: Uint8Array,
    start: number,
    end: number,
    isFirst: boolean,
    from: () => Sender | undefined,
  ): number {
    const length = end - start;
    let text = this.#text;
    if (length >= MAX_BYTES) text = this.#long = new Uint8Array(length + 1);
    let to = this.#used;
    if (length > SHORT) text.set(bytes.subarray(start, end), to);
    else for (let at = start; at < end; at++) text[to++] = bytes[at]!;
    const lineEnd = this.#used + length;
    text[lineEnd] = NEWLINE;
    this.#used = lineEnd + 1;
    const line = this.#count++;
    this.#ends[line] = isFirst ? lineEnd : ~lineEnd;
    this.#noteSender(line, from());
    return line;
  }

  /** Returns all lines, and removes them here. */
  take(): Lines {
    const lines = {
      text: this.#long ?? this.#text.slice(0, this.#used),
      ends: this.#ends.slice(0, this.#count),
      senders: this.#senders,
    };
    this.#long = undefined;
    this.#used = this.#count = 0;
    this.#senders = [];
    return lines;
  }

  #noteSender(line: number, from: Sender | undefined): void {
    const before = this.#senders.at(-1)?.[1];
    if (from?.address !== before?.address || from?.port !== before?.port) this.#senders.push([line, from]);
  }
}
