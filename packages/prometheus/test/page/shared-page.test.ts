import { expect } from 'chai';
import type { Chunk } from '../../src/page/chunks.js';
import { SharedPage } from '../../src/page/shared-page.js';

/** A source that notes how far it was read, and whether it was ended. */
class Source {
  made = 0;
  hasEnded = false;

  async *chunks(count: number, length = 10): AsyncGenerator<Chunk, void, undefined> {
    try {
      for (let at = 0; at < count; at++) {
        this.made++;
        yield { bytes: new Uint8Array(length).fill(at), isLast: at === count - 1 };
      }
    } finally {
      this.hasEnded = true;
    }
  }
}

describe('a page that several readers have', () => {
  const bytesOf = async (page: SharedPage): Promise<number[]> => {
    const read: number[] = [];
    for await (const { bytes } of page.read({})) read.push(bytes[0]!);
    return read;
  };

  it('is made once, and is the same to all', async () => {
    const source = new Source();
    const page = new SharedPage(1, source.chunks(5));
    expect(await Promise.all([bytesOf(page), bytesOf(page)])).to.deep.equal([
      [0, 1, 2, 3, 4],
      [0, 1, 2, 3, 4],
    ]);
    expect(await bytesOf(page), 'a later reader').to.deep.equal([0, 1, 2, 3, 4]);
    expect(source.made).to.equal(5);
    expect(page.isComplete).to.equal(true);
  });

  it('is made at the pace of its quickest reader, and knows how much waits for the slowest', async () => {
    const source = new Source();
    const page = new SharedPage(1, source.chunks(5));
    const [slow, quick] = [page.read('slow' as unknown as object), page.read({})];
    await slow.next();
    for (let at = 0; at < 4; at++) await quick.next();
    expect(source.made).to.equal(4);
    expect(page.waiting).to.equal(40);
    expect(page.slowest).to.deep.equal(['slow']);
    await slow.next();
    expect(page.waiting).to.equal(30);
    await quick.return();
    await slow.return();
    expect(page.waiting).to.equal(0);
  });

  it('isn’t made ahead of its readers', async () => {
    const source = new Source();
    const reader = new SharedPage(1, source.chunks(100)).read({});
    await reader.next();
    expect(source.made).to.equal(1);
    await reader.next();
    expect(source.made).to.equal(2);
    await reader.return();
  });

  it('can’t be joined once it is long, because its beginning is free by then', async () => {
    const page = new SharedPage(1, new Source().chunks(10, 1024 * 1024));
    const reader = page.read({});
    for (let at = 0; at < 4; at++) await reader.next();
    expect(page.isJoinable).to.equal(true);
    await reader.next();
    expect(page.isJoinable).to.equal(false);
    expect(await page.read({}).next().then(String, String)).to.include('the page can be joined no more');
    await reader.return();
  });

  it('ends its source when nobody wants the rest', async () => {
    const source = new Source();
    const page = new SharedPage(1, source.chunks(5));
    const reader = page.read({});
    await reader.next();
    await reader.return();
    expect(source.hasEnded, 'somebody may join').to.equal(false);
    page.closeToNewReaders();
    await Promise.resolve();
    expect(source.hasEnded).to.equal(true);
  });

  it('gives an error of its source to all readers', async () => {
    const page = new SharedPage(
      1,
      (async function* (): AsyncGenerator<Chunk, void, undefined> {
        yield { bytes: new Uint8Array(1), isLast: false };
        throw new Error('broken');
      })(),
    );
    const errors = await Promise.all([bytesOf(page).catch(String), bytesOf(page).catch(String)]);
    expect(errors).to.deep.equal(['Error: broken', 'Error: broken']);
  });
});
