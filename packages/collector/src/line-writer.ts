import type { Writable } from 'node:stream';

/** Bytes that may wait for a reader. */
const MAX_WAITING_BYTES = 65_536;

/**
 * Writes lines to a stream for as long as it is read. While too much waits for its reader, further lines are dropped, and
 * counted; once the reader has gone on, a line says how many they were.
 *
 * @param before - makes what stands before each line, such as the time. Default: nothing.
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
