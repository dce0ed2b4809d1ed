import type { Catalogue } from '@afstatsd/core/catalogue';
import { type Exposed, type ExposedOptions, type ExposedTag, exposedIn } from './exposed.js';

/** Options of {@link catalogueMarkdown}. */
export interface MarkdownOptions extends ExposedOptions {
  /** The heading of the page. Default `Metrics`. */
  readonly title?: string;
}

/**
 * A page in Markdown about the metrics of a catalogue. It begins with a table of all. Each metric with tags has a section.
 *
 * @param catalogue - The result of `defineMetrics`.
 * @param options - The title of the page, and the prefixes of names.
 * @example
 * ```js
 * const { defineMetrics } = require('@afstatsd/core/catalogue');
 * const { catalogueMarkdown } = require('@afstatsd/prometheus/catalogue');
 * const catalogue = defineMetrics({ 'orders.placed': { kind: 'counter', help: 'Orders that were placed.' } });
 * console.log(catalogueMarkdown(catalogue));
 * ```
 */
export function catalogueMarkdown(catalogue: Catalogue, options: MarkdownOptions = {}): string {
  const metrics = exposedIn(catalogue, options);
  const rows = metrics.map(
    ({ name, definition, family }) =>
      `| ${code(name)} | ${definition.kind} | ${unitOf(definition)} | ${code(family)} | ${cell(definition.help)} |`,
  );
  return [
    `# ${cell(options.title ?? 'Metrics')}`,
    '',
    '| metric | kind | unit | in Prometheus | |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    ...metrics.filter(({ tags }) => tags.length > 0).flatMap(sectionOf),
    '',
  ].join('\n');
}

function sectionOf({ name, definition, tags }: Exposed): string[] {
  return [
    '',
    `## ${code(name)}`,
    '',
    escaped(definition.help),
    '',
    '| tag | values | |',
    '| --- | --- | --- |',
    ...tags.map((tag) => `| ${code(tag.key)} | ${valuesOf(tag)} | ${cell(tag.help)} |`),
  ];
}

function unitOf({ kind, unit = '' }: Exposed['definition']): string {
  return kind === 'timer' ? 'seconds' : unit;
}

function valuesOf({ values, isOptional }: ExposedTag): string {
  const text =
    typeof values === 'string' ? `any ${values}` : values.map((value) => code(String(value))).join(', ');
  return isOptional ? `${text}, or none` : text;
}

/** Text in a cell of a table. */
function cell(text: string): string {
  return escaped(text).replaceAll('|', String.raw`\|`);
}

/** Text that Markdown shows as it stands, in one line. */
function escaped(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/[\\`*_[\]<>#]/g, String.raw`\$&`);
}

/** Text as inline code. Its fence has one backtick more than the longest run of them in the text. */
function code(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  const pad = text.startsWith('`') || text.endsWith('`') || text === '' ? ' ' : '';
  return `${fence}${pad}${text.replaceAll(/\s/g, ' ').replaceAll('|', String.raw`\|`)}${pad}${fence}`;
}
