import type { Family } from './family.js';

/** Bytes of a number, of the bound before it, and of all else that stands in a line, but names and labels. */
const LINE_BYTES = 16;
/** Bytes of `# HELP`, `# TYPE` and the ends of their lines. */
const HEAD_BYTES = 32;

/** How long the page is about to be as text, in bytes. It counts families, not series. */
export function roughTextBytes(families: Iterable<Family>): number {
  let bytes = 0;
  for (const family of families) {
    const { block, name, help } = family;
    const lines = family.type === 'histogram' ? family.bounds.length + 3 : 1;
    bytes += HEAD_BYTES + 2 * name.length + help.length;
    bytes += lines * (block.used + block.size * (name.length + LINE_BYTES));
  }
  return bytes;
}
