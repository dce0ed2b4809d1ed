import type { MetricItem } from '../live/api.js';
import { cutEnd, cutMiddle, displayWidth, padEnd } from '../output/console/display-width.js';
import type { Paint } from '../output/console/screen.js';
import { shortName } from '../output/short-name.js';
import { printable } from '../printable.js';
import { measure, number } from './units.js';

/** The columns by which series can be sorted. */
export const SORTS = ['rate', 'p95', 'name'] as const;
export type Sort = (typeof SORTS)[number];

/** A column of numbers. */
interface Column {
  readonly head: string;
  readonly cell: (item: MetricItem) => string;
}

const OF_OURS = /(?:^|\.)afstatsd\./;
const hasRate = ({ kind }: MetricItem): boolean => kind !== 'gauge' && kind !== 'set';
const percentile =
  (place: number) =>
  ({ kind, unit, now }: MetricItem): string =>
    kind === 'timer' || kind === 'histogram' ? measure(now[place], unit) : '';

const COLUMNS: readonly Column[] = [
  // Values without `/s` end with two spaces instead, so that digits stand below digits.
  {
    head: 'value',
    cell: (item) => (hasRate(item) ? `${number(item.now[0])}/s` : `${measure(item.now[0], item.unit)}  `),
  },
  { head: 'p50', cell: percentile(1) },
  { head: 'p95', cell: percentile(2) },
  { head: 'p99', cell: percentile(3) },
];
/** The columns that a narrow screen does without, in this order. */
const SPARED = ['p50', 'p99'];
const NUMBER_COLUMNS = 7;
const KIND_COLUMNS = 'histogram'.length;
/** Columns are left out until names have this much room. Longer names are cut instead. */
const NAME_COLUMNS = 48;
const GAP = '  ';

export interface TopTableOptions {
  /** The columns of the screen. Infinity without a screen. */
  readonly columns: number;
  /** The rows that the table has room for, with its head; Infinity for all. */
  readonly rows: number;
  readonly sort: Sort;
  readonly paint: Paint;
}

/** Series as lines that fit on the screen. The last line says how many series found no room. */
export function topTable(items: readonly MetricItem[], options: TopTableOptions): string[] {
  const { columns, rows, sort, paint } = options;
  const sorted = items.filter(({ of }) => of === undefined).sort(orderBy(sort));
  const room = Math.max(1, rows - 1);
  const shown = sorted.length <= room ? sorted : sorted.slice(0, room - 1);
  const kept = [...COLUMNS];
  const widthOf = (column: Column): number =>
    Math.max(NUMBER_COLUMNS, ...shown.map((item) => displayWidth(column.cell(item))));
  const left = (): number =>
    columns - KIND_COLUMNS - GAP.length - kept.reduce((sum, column) => sum + GAP.length + widthOf(column), 0);
  const shorts = shown.map(({ name, tags }) => printable(shortName(name, Object.entries(tags))));
  const wanted = Math.min(NAME_COLUMNS, Math.max(0, ...shorts.map(displayWidth)));
  for (const head of SPARED) {
    if (left() >= wanted) break;
    kept.splice(
      kept.findIndex((column) => column.head === head),
      1,
    );
  }
  const widths = kept.map(widthOf);
  const most = Math.max(1, left());
  const whole = shown.map(wholeName);
  const names = whole.every((name) => displayWidth(name) <= most)
    ? whole
    : shorts.map((name) => cutMiddle(name, most));
  const nameColumns = Math.min(most, Math.max('metric'.length, ...names.map(displayWidth)));
  const line = (kind: string, name: string, cells: readonly string[]): string =>
    cutEnd(
      [
        kind.padEnd(KIND_COLUMNS),
        padEnd(name, nameColumns),
        ...cells.map((cell, at) => ' '.repeat(widths[at]! - displayWidth(cell)) + cell),
      ]
        .join(GAP)
        .trimEnd(),
      columns,
    );
  const heads = line(
    'kind',
    'metric',
    kept.map(({ head }) => head),
  );
  const lines = shown.map((item, at) => {
    const text = line(
      item.kind,
      names[at]!,
      kept.map(({ cell }) => cell(item)),
    );
    return isOurs(item) ? paint('dim', text) : text;
  });
  const more = sorted.length - shown.length;
  return [paint('dim', heads), ...lines, ...(more > 0 ? [paint('dim', `… and ${more} more`)] : [])];
}

function wholeName({ name, tags }: MetricItem): string {
  const texts = Object.entries(tags).map(([key, value]) => `${key}=${value}`);
  return printable(texts.length === 0 ? name : `${name}{${texts.join()}}`);
}

/** A program's own metrics come first. The metrics of the collector and the clients about themselves come last. */
function orderBy(sort: Sort): (a: MetricItem, b: MetricItem) => number {
  const byName = (a: MetricItem, b: MetricItem): number => (a.name < b.name ? -1 : Number(a.name > b.name));
  const byNumber = (a: MetricItem, b: MetricItem): number => sizeOf(b, sort) - sizeOf(a, sort);
  return (a, b) =>
    Number(isOurs(a)) - Number(isOurs(b)) || (sort === 'name' ? 0 : byNumber(a, b)) || byName(a, b);
}

/** Series that have no such number come last. */
function sizeOf(item: MetricItem, sort: Sort): number {
  if (sort === 'p95') return item.now[2] ?? -1;
  return hasRate(item) ? (item.now[0] ?? 0) : -1;
}

function isOurs({ name }: MetricItem): boolean {
  return OF_OURS.test(name);
}
