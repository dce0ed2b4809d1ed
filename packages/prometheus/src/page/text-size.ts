import type { Family } from './family.js';

/** The approximate bytes of a line without its name and its labels: the number, the bound and the rest. */
const LINE_BYTES = 16;
/** The bytes of `# HELP`, `# TYPE` and their newlines. */
const HEAD_BYTES = 32;

/** The approximate length of a page as text, in bytes. This is quick, because it visits families, and not series. */
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
