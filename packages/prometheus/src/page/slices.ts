import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Chunk } from './chunks.js';

/** The length of a slice, in ms. */
const SLICE_MS = 2;

/**
 * Divides the work of all pages into slices. The event loop has a turn between two slices, so that health probes are answered and
 * datagrams are read. If several pages are made, one of them goes on in each turn.
 */
export class Slices {
  #began = 0;
  #last: Promise<void> = Promise.resolve();

  /** Waits for the next slice. */
  next(): Promise<void> {
    this.#last = this.#last.then(async () => {
      await nextTurn();
      this.#began = performance.now();
    });
    return this.#last;
  }

  /** The chunks as they are written. Chunks without bytes are left out, except the last one. */
  async *divided(chunks: Iterable<Chunk>): AsyncGenerator<Chunk, void, undefined> {
    await this.next();
    for (const chunk of chunks) {
      if (chunk.bytes.length > 0 || chunk.isLast) yield chunk;
      if (performance.now() - this.#began > SLICE_MS) await this.next();
    }
  }
}
