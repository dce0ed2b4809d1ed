import { type Chunk, ChunkWriter } from './chunks.js';
import type { Family } from './family.js';
import { HistogramLines } from './histogram-lines.js';
import { NumberLines } from './number-lines.js';

/** How a page is written. */
export interface TextOptions {
  /** OpenMetrics 1.0, or the text format 0.0.4 of Prometheus. */
  readonly format: 'openmetrics' | 'text';
  /** Whether series that are held are shown as 0. */
  readonly isHolding: boolean;
}

/**
 * Writes families as text, a chunk at a time. A series is read when it is written, all of its lines at once, so a histogram is
 * right in itself, however long the reader takes.
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
    const headBytes = 3 * head.length; // in UTF-8, at most
    if (!writer.hasRoom(headBytes)) yield { bytes: writer.take(headBytes), isLast: false };
    writer.text(head);
    const lines =
      family.type === 'histogram'
        ? new HistogramLines(family, format === 'openmetrics')
        : new NumberLines(family);
    // A series that appears meanwhile is part of the page as well.
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
 * In OpenMetrics a family of counters has the name without `_total`. Where a gauge or a histogram has that name already, the
 * counters are of unknown type, because no two families may have the same name.
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
