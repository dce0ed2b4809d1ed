import { type Chunk, ChunkWriter } from './chunks.js';
import type { Family } from './family.js';
import { HistogramLines } from './histogram-lines.js';
import { NumberLines } from './number-lines.js';

/** The form of a page of text. */
export interface TextOptions {
  /** OpenMetrics 1.0, or the text format 0.0.4 of Prometheus. */
  readonly format: 'openmetrics' | 'text';
  /** Whether held series are shown as 0. */
  readonly isHolding: boolean;
}

/**
 * Writes families as text, a chunk at a time. All lines of a series are written at once, from its values at that time. So a
 * histogram is consistent, however long the reader takes.
 */
export function* textPage(
  families: Iterable<Family>,
  { format, isHolding }: TextOptions,
): Generator<Chunk, void, undefined> {
  const writer = new ChunkWriter();
  const names = new Set<string>();
  if (format === 'openmetrics') for (const { name } of families) names.add(name);
  for (const family of families) {
    const { block } = family;
    if (block.size === 0) continue;
    const head = format === 'openmetrics' ? openMetricsHead(family, names) : textHead(family);
    const headBytes = 3 * head.length; // a character takes at most 3 bytes in UTF-8
    if (!writer.hasRoom(headBytes)) yield { bytes: writer.take(headBytes), isLast: false };
    writer.text(head);
    const lines =
      family.type === 'histogram'
        ? new HistogramLines(family, format === 'openmetrics')
        : new NumberLines(family);
    // The size is read in each turn, so that a series that appears meanwhile is on the page, too.
    for (let at = 0; at < block.size;) {
      at = lines.write(writer, at, isHolding);
      if (at < block.size) yield { bytes: writer.take(lines.roomFor(at)), isLast: false };
    }
  }
  const end = format === 'openmetrics' ? '# EOF\n' : writer.at === 0 ? '# no metrics\n' : '';
  if (!writer.hasRoom(end.length)) yield { bytes: writer.take(), isLast: false };
  writer.text(end);
  yield { bytes: writer.take(), isLast: true };
}

function textHead({ name, help, type }: Family): string {
  return `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${type}\n`;
}

/**
 * The head of a family in OpenMetrics. A family of counters has the name without `_total` there. If a gauge or a histogram has
 * that name, the counters become a family of unknown type, because no two families may have the same name.
 */
function openMetricsHead(family: Family, names: ReadonlySet<string>): string {
  let { name, type }: { name: string; type: string } = family;
  if (type === 'counter') {
    const base = name.replace(/_total$/, '');
    if (names.has(base)) type = 'unknown';
    else name = base;
  }
  const unit = family.type === 'histogram' && family.unit !== '' ? `# UNIT ${name} ${family.unit}\n` : '';
  const help = escapeHelp(family.help).replaceAll('"', '\\"');
  return `# TYPE ${name} ${type}\n${unit}# HELP ${name} ${help}\n`;
}

function escapeHelp(help: string): string {
  return help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}
