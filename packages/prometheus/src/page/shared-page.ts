import assert from 'node:assert';
import type { Chunk } from './chunks.js';

/** The longest page that is kept for later readers, in bytes. A longer one is never in memory as a whole. */
const MOST_JOINABLE_BYTES = 4 * 1024 * 1024;

/** A chunk of a page, and a link to the next one. A chunk is freed when the last reader has left it. */
interface Link {
  readonly chunk: Chunk;
  /** The bytes of the page up to the end of this chunk. */
  readonly end: number;
  next: Promise<Link> | undefined;
}

/**
 * A page for several readers. The page is made at the pace of the quickest reader. Chunks are in memory until the slowest
 * reader has had them. While new readers can join, all chunks stay.
 */
export class SharedPage {
  /** The number of the page among those for scrapers. 0 for another page. */
  readonly number: number;
  readonly #chunks: AsyncGenerator<Chunk, void, undefined>;
  #first: Promise<Link> | undefined;
  /** The position of each reader, in bytes. */
  readonly #readers = new Map<object, number>();
  #made = 0;
  #isComplete = false;

  constructor(number: number, chunks: AsyncGenerator<Chunk, void, undefined>) {
    this.number = number;
    this.#chunks = chunks;
    this.#first = this.#make();
    this.#first.catch(() => {}); // the error is thrown to readers
  }

  /** Whether another reader can still get the page from its beginning. */
  get isJoinable(): boolean {
    return this.#first !== undefined;
  }

  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** The bytes that are in memory because of slow readers. */
  get waiting(): number {
    return this.#readers.size === 0 ? 0 : this.#made - Math.min(...this.#readers.values());
  }

  /** The readers that are furthest behind. */
  get slowest(): object[] {
    const least = Math.min(...this.#readers.values());
    return [...this.#readers].filter(([, at]) => at === least).map(([reader]) => reader);
  }

  /** Lets no more readers join. */
  closeToNewReaders(): void {
    this.#first = undefined;
    this.#endIfUnwanted();
  }

  /**
   * The chunks for one reader. Throws an error of the page's source.
   *
   * @param reader - an object that stands for the reader.
   */
  async *read(reader: object): AsyncGenerator<Chunk, void, undefined> {
    assert(this.#first !== undefined, 'the page can be joined no more');
    this.#readers.set(reader, 0);
    try {
      let link = await this.#first;
      for (;;) {
        yield link.chunk;
        this.#readers.set(reader, link.end);
        if (link.chunk.isLast) return;
        link = await (link.next ??= this.#make());
      }
    } finally {
      this.#readers.delete(reader);
      this.#endIfUnwanted();
    }
  }

  /** Ends the source if no reader wants the page any more, because the source may hold a compressor. */
  #endIfUnwanted(): void {
    if (this.#readers.size > 0 || this.#isComplete || this.#first !== undefined) return;
    void this.#chunks.return().catch(() => {});
  }

  async #make(): Promise<Link> {
    const { value, done } = await this.#chunks.next();
    assert(done !== true, 'the page has no end');
    this.#made += value.bytes.length;
    this.#isComplete = value.isLast;
    if (this.#made > MOST_JOINABLE_BYTES) this.closeToNewReaders();
    return { chunk: value, end: this.#made, next: undefined };
  }
}
