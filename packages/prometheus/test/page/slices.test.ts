import { expect } from 'chai';
import type { Chunk } from '../../src/page/chunks.js';
import { Slices } from '../../src/page/slices.js';

describe('the work of pages', () => {
  const CHUNKS = 12;
  const CHUNK_MS = 3;

  /** Chunks that each take some time. */
  function* slow(): Generator<Chunk, void, undefined> {
    for (let at = 0; at < CHUNKS; at++) {
      const end = performance.now() + CHUNK_MS;
      while (performance.now() < end);
      yield { bytes: new Uint8Array(1), isLast: at === CHUNKS - 1 };
    }
  }
  const countTurns = async (work: Promise<unknown>): Promise<number> => {
    let [turns, isOver] = [0, false];
    const turn = (): void => {
      turns++;
      if (!isOver) setImmediate(turn);
    };
    setImmediate(turn);
    await work;
    isOver = true;
    return turns;
  };
  const read = async (slices: Slices): Promise<number> => {
    let bytes = 0;
    for await (const chunk of slices.divided(slow())) bytes += chunk.bytes.length;
    return bytes;
  };

  it('is divided, so that the event loop has a turn after a few ms', async () => {
    expect(await countTurns(read(new Slices()))).to.be.at.least(CHUNKS);
  });

  it('goes on in one page a turn', async () => {
    const slices = new Slices();
    const pages = Promise.all([read(slices), read(slices), read(slices)]);
    expect(await countTurns(pages)).to.be.at.least(3 * CHUNKS);
    expect(await pages).to.deep.equal([CHUNKS, CHUNKS, CHUNKS]);
  });

  it('needs no chunk without bytes but the last one', async () => {
    const chunks = [0, 2, 0, 0].map((length, at) => ({ bytes: new Uint8Array(length), isLast: at === 3 }));
    const got: Chunk[] = [];
    for await (const chunk of new Slices().divided(chunks)) got.push(chunk);
    expect(got).to.deep.equal([chunks[1], chunks[3]]);
  });
});
