/** The length of a chunk, in bytes. A socket takes this much at once, and a slice of work has several chunks. */
export const CHUNK_BYTES = 65_536;

/** A part of a page. */
export interface Chunk {
  readonly bytes: Uint8Array;
  /** Whether this is the last chunk. */
  readonly isLast: boolean;
}

/** The bytes of a page that were written but not handed on yet. */
export class ChunkWriter {
  out: Buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  /** The index of the next byte in `out`. */
  at = 0;

  /** Whether there is room for this number of bytes. */
  hasRoom(bytes: number): boolean {
    return this.at + bytes <= this.out.length;
  }

  /** Returns the bytes so far, and begins a new chunk with room for at least `bytes`. */
  take(bytes = 0): Uint8Array {
    const taken = this.out.subarray(0, this.at);
    this.out = Buffer.allocUnsafeSlow(Math.max(CHUNK_BYTES, bytes));
    this.at = 0;
    return taken;
  }

  /** Writes text. There has to be room for it. */
  text(text: string): void {
    this.at += this.out.write(text, this.at);
  }
}
