// Reads what docs.test.mjs checks out of a Markdown text.

/**
 * Takes the fenced code blocks out of a text. A block has its language, the words after it, the code,
 * the line on which the code begins (from 1), and what an `<!-- expect: … -->` comment above it says that
 * its output contains. `prose` is the rest.
 */
export function parse(markdown) {
  const blocks = [];
  const prose = [];
  let open;
  let expected;
  for (const [index, line] of markdown.split('\n').entries()) {
    const [, indent, fence, language, words] = /^(\s*)(`{3,})\s*(\S*)\s*(.*)$/.exec(line) ?? [];
    if (open) {
      if (fence && fence.length >= open.fence.length && language === '') {
        blocks.push({ ...open.block, code: `${open.lines.join('\n')}\n` });
        open = undefined;
      } else {
        // A block in a list is indented as a whole.
        open.lines.push(line.startsWith(open.indent) ? line.slice(open.indent.length) : line.trimStart());
      }
    } else if (fence) {
      open = { indent, fence, lines: [], block: { language, words, line: index + 2, expected } };
    } else {
      prose.push(line);
      if (line.trim() !== '') expected = /^\s*<!-- expect: (.*?) -->\s*$/.exec(line)?.[1];
    }
    if (open) expected = undefined;
  }
  if (open) throw new Error(`The code block that begins on line ${open.block.line} has no end.`);
  return { blocks, prose: prose.join('\n') };
}

/** The targets of `[text](target)`, `![text](target)` and `[name]: target`, outside of code. */
export function links(markdown) {
  const prose = parse(markdown).prose.replaceAll(/(`+)[^`].*?\1/g, '');
  const inline = prose.matchAll(/\]\(\s*<?([^\s)>]+)>?(?:\s+"[^"]*")?\s*\)/g);
  const defined = prose.matchAll(/^\s*\[[^\]]+\]:\s*(\S+)/gm);
  return [...inline, ...defined].map((match) => match[1]);
}

/** The anchors that Git hosts make of headings, and explicit ones: `<a id="…">`. */
export function anchors(markdown) {
  const { prose } = parse(markdown);
  const found = new Set([...prose.matchAll(/<a (?:id|name)="([^"]+)"/g)].map((match) => match[1]));
  const seen = new Map();
  for (const [, heading] of prose.matchAll(/^#{1,6}\s+(.*?)\s*#*$/gm)) {
    const slug = heading
      .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(/\s/g, '-');
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    found.add(count === 0 ? slug : `${slug}-${count}`);
  }
  return found;
}
