import { Readable, pipeline } from 'node:stream';
import { promisify } from 'node:util';
import { createGzip, gzip } from 'node:zlib';
import { CHUNK_BYTES, type Chunk } from './chunks.js';

/** The quickest level. It is enough, because names are so similar that it makes a page ten times shorter. */
const LEVEL = 1;

const gzipped = promisify(gzip);

/** Compresses a page while it is made. zlib works in another thread. */
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
  // The loop below throws the errors of both streams, so none is handled here.
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
