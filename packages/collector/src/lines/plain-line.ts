import { type DecodeResult, decode, decodeLines } from '@afstatsd/core';

/** How messages are written: several metrics a line on the queue, one elsewhere. */
export type Grammar = 'queue' | 'lines';

/**
 * Has the plain decoder read lines, or a part of one.
 *
 * @param text - a newline stands behind each line, because a NUL is cut off at the end of a message only.
 * @param isFirst - whether it begins a line. Otherwise it is one, and stands behind a `::`.
 */
export function readPlainly(grammar: Grammar, text: string, isFirst: boolean): DecodeResult {
  const read = grammar === 'queue' ? decode : decodeLines;
  if (isFirst) return read(text);
  // Behind `::` nothing begins an event, and an empty part is a bad one. The part before it isn't there.
  const result = read(`::${text}`);
  return { ...result, bad: result.bad.slice(1) };
}
