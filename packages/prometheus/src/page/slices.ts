import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Chunk } from './chunks.js';

/** How long pages are written on end, in ms. */
const SLICE_MS = 2;

/**
 * Divides the work of all pages into slices. Between two of them the event loop has a turn, in which health probes are answered
 * and datagrams are read. Of several pages one goes on in each turn.
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

  /** The chunks as they are written. Those without bytes are left out, unless they are the last ones. */
  async *divided(chunks: Iterable<Chunk>): AsyncGenerator<Chunk, void, undefined> {
    await this.next();
    for (const chunk of chunks) {
      if (chunk.bytes.length > 0 || chunk.isLast) yield chunk;
      if (performance.now() - this.#began > SLICE_MS) await this.next();
    }
  }
}
