import { printable } from '../../printable.js';
import { cutEnd, cutMiddle, displayWidth, padEnd } from './display-width.js';
import type { Paint } from './screen.js';
import type { Summary } from './summary.js';

/** A row of the table: the numbers of a metric. */
export type Row = Summary & {
  /** The name for a screen without room for the whole name. Default: the whole name, cut. */
  readonly short?: string;
};

/** A column of numbers: its head, and the text of its cell for a row. The text is empty if the row has no such number. */
interface Column {
  readonly head: string;
  readonly cell: (row: Row, seconds: number) => string;
}

const valueOf = (row: Row): number => (row.type === 'timer' ? row.count : row.value);
const ofTimer =
  (key: 'min' | 'mean' | 'p50' | 'p95' | 'max') =>
  (row: Row): string =>
    row.type === 'timer' ? measured(row[key]) : '';
const hasRate = ({ type }: Row): boolean => type === 'counter' || type === 'timer';

const COLUMNS: readonly Column[] = [
  { head: 'value', cell: (row) => shortNumber(valueOf(row)) },
  {
    head: 'per s',
    cell: (row, seconds) => (hasRate(row) ? measured(valueOf(row) / seconds) : ''),
  },
  { head: 'min', cell: ofTimer('min') },
  { head: 'mean', cell: ofTimer('mean') },
  { head: 'p50', cell: ofTimer('p50') },
  { head: 'p95', cell: ofTimer('p95') },
  { head: 'max', cell: ofTimer('max') },
  { head: '', cell: (row) => (row.type === 'timer' ? (row.unit ?? '') : '') },
];
/** The columns that a narrow screen does without, in this order. */
const SPARED = ['min', 'mean', 'max', 'p50', '', 'per s', 'p95'];
/** Columns are left out until names have this much room. Longer names are cut instead. */
const NAME_COLUMNS = 40;
const KINDS = 'counter'.length;
const GAP = '  ';

export interface TableOptions {
  /** The columns of the screen. Infinity without a screen. */
  readonly columns: number;
  /** The rows that the table has room for, with its head. */
  readonly rows: number;
  /** The time in which the metrics came, in seconds. */
  readonly seconds: number;
  readonly paint: Paint;
}

/** The metrics as lines that fit on the screen. The last line says how many metrics found no room. */
export function tableLines(all: readonly Row[], { columns, rows, seconds, paint }: TableOptions): string[] {
  const room = Math.max(1, rows - 1);
  const shown = all.length <= room ? all : all.slice(0, Math.max(0, room - 1));
  const cells = COLUMNS.map(({ head, cell }) => ({
    head,
    texts: shown.map((row) => cell(row, seconds)),
  }));
  const whole = shown.map(({ name }) => printable(name));
  const longest = Math.max('metric'.length, ...whole.map(displayWidth));
  const kept = cells.filter(({ texts }) => texts.some((text) => text !== ''));
  const widthOf = ({ head, texts }: (typeof cells)[number]): number =>
    Math.max(head.length, ...texts.map((text) => text.length));
  const left = (): number =>
    columns - KINDS - GAP.length - kept.reduce((sum, column) => sum + GAP.length + widthOf(column), 0);
  for (const head of SPARED) {
    if (left() >= Math.min(longest, NAME_COLUMNS)) break;
    const at = kept.findIndex((column) => column.head === head);
    if (at >= 0) kept.splice(at, 1);
  }
  const most = Math.max(1, left());
  const names = longest <= most ? whole : shown.map(({ name, short = name }) => printable(short));
  const nameColumns = Math.min(most, Math.max('metric'.length, ...names.map(displayWidth)));
  const widths = kept.map(widthOf);
  const line = (kind: string, name: string, texts: readonly string[]): string =>
    cutEnd(
      [
        kind.padEnd(KINDS),
        padEnd(cutMiddle(name, nameColumns), nameColumns),
        ...texts.map((text, at) => (kept[at]!.head === '' ? text : text.padStart(widths[at]!))),
      ]
        .join(GAP)
        .trimEnd(),
      columns,
    );
  const lines = [
    paint(
      'dim',
      line(
        'kind',
        'metric',
        kept.map(({ head }) => head),
      ),
    ),
    ...shown.map(({ type }, at) =>
      line(
        type,
        names[at]!,
        kept.map(({ texts }) => texts[at]!),
      ),
    ),
  ];
  if (shown.length < all.length)
    lines.push(paint('dim', cutEnd(`… and ${all.length - shown.length} more`, columns)));
  return lines;
}

/** A measured number with four digits, because further digits are noise. */
export function measured(value: number): string {
  const size = Math.abs(value);
  if (size >= 1000 && size < LARGEST_WHOLE) return String(Math.round(value));
  return shortNumber(Number(value.toPrecision(4)));
}

const LARGEST_WHOLE = 1e10;
const SMALLEST = 1e-3;

/** A number in at most 11 characters: with three decimals, or as a power of ten. */
function shortNumber(value: number): string {
  const size = Math.abs(value);
  if (size >= LARGEST_WHOLE || (size > 0 && size < SMALLEST))
    return value.toExponential(2).replace('e+', 'e');
  return String(Number(value.toFixed(size >= 1000 ? 1 : size >= 100 ? 2 : 3)));
}
