import { Readable, pipeline } from 'node:stream';
import { promisify } from 'node:util';
import { createGzip, gzip } from 'node:zlib';
import { CHUNK_BYTES, type Chunk } from './chunks.js';

/** Names are much alike, so the quickest level makes a tenth of a page already. */
const LEVEL = 1;

const gzipped = promisify(gzip);

/** A page in gzip, as it is made. zlib works in another thread. */
export async function* inGzip(
  chunks: AsyncGenerator<Chunk, void, undefined>,
): AsyncGenerator<Chunk, void, undefined> {
  const first = await chunks.next();
  if (first.done === true) return;
  if (first.value.isLast) {
    yield { bytes: await gzipped(first.value.bytes, { level: LEVEL }), isLast: true };
    return;
  }
  const packer = createGzip({ level: LEVEL, chunkSize: CHUNK_BYTES });
  // An error of either ends the loop below, which throws it.
  pipeline(Readable.from(bytesOf(first.value, chunks), { objectMode: true }), packer, () => {});
  for await (const bytes of packer) yield { bytes: bytes as Uint8Array, isLast: false };
  yield { bytes: new Uint8Array(0), isLast: true };
}

async function* bytesOf(
  first: Chunk,
  rest: AsyncGenerator<Chunk, void, undefined>,
): AsyncGenerator<Uint8Array, void, undefined> {
  yield first.bytes;
  for await (const { bytes } of rest) if (bytes.length > 0) yield bytes;
}
