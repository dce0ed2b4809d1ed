import { type DecodeResult, decode, decodeLines } from '@afstatsd/core';

/** The grammar of messages. On the queue a line may have several metrics, and elsewhere only one. */
export type Grammar = 'queue' | 'lines';

/**
 * Reads lines, or a part of a line, with the plain decoder.
 *
 * @param text - the lines, each with a newline behind it, because only the end of a message may have a NUL cut off.
 * @param isFirst - whether the text begins a line. Otherwise it is the rest of one line, behind a `::`.
 */
export function readPlainly(grammar: Grammar, text: string, isFirst: boolean): DecodeResult {
  const read = grammar === 'queue' ? decode : decodeLines;
  if (isFirst) return read(text);
  // The decoder has to see the `::`, because no event can begin behind it, and an empty part there is bad. The empty part before
  // the `::` was added here, so its bad line is left out.
  const result = read(`::${text}`);
  return { ...result, bad: result.bad.slice(1) };
}
