/** The length of a chunk, in bytes: what a socket takes at once, and short enough that a slice has several. */
export const CHUNK_BYTES = 65_536;

/** A part of a page. */
export interface Chunk {
  readonly bytes: Uint8Array;
  /** Whether it is the last one. */
  readonly isLast: boolean;
}

/** The bytes of a page that are written and not handed on yet. */
export class ChunkWriter {
  out: Buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  /** Where the next byte is written. */
  at = 0;

  /** Whether so many bytes fit. */
  hasRoom(bytes: number): boolean {
    return this.at + bytes <= this.out.length;
  }

  /** The bytes so far. What is written next begins a chunk, which has room for at least `bytes`. */
  take(bytes = 0): Uint8Array {
    const taken = this.out.subarray(0, this.at);
    this.out = Buffer.allocUnsafeSlow(Math.max(CHUNK_BYTES, bytes));
    this.at = 0;
    return taken;
  }

  /** There has to be room. */
  text(text: string): void {
    this.at += this.out.write(text, this.at);
  }
}
