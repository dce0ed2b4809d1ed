import type { Writable } from 'node:stream';

/** Bytes that may wait for a reader. */
const MAX_WAITING_BYTES = 65_536;

/**
 * Writes lines to a stream. Lines are dropped and counted while the stream's reader is too far behind. Once the reader has caught
 * up, a line says how many were dropped.
 *
 * @param before - makes the text before each line, such as the time. Default: no text.
 */
export function lineWriter(stream: Writable, before: () => string = () => ''): (line: string) => void {
  let dropped = 0;
  stream.on('drain', () => {
    if (dropped === 0) return;
    stream.write(
      `${before()}afstatsd-collector: warning: ${dropped} lines were dropped, because nobody read them\n`,
    );
    dropped = 0;
  });
  return (line) => {
    if (stream.writableLength >= MAX_WAITING_BYTES) dropped++;
    else stream.write(`${before()}${line}\n`);
  };
}
