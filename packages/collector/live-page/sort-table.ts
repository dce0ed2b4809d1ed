import type { Value } from '../src/live/api.js';
import { Keyed, arrange, el, setName, setText } from './dom.js';
import { Sparkline } from './sparkline.js';

/** A column of a table. */
export interface Column<R> {
  readonly key: string;
  readonly label: string;
  /** What the table is sorted by. Without it, the column can't sort. */
  readonly order?: (row: R) => string | number;
  readonly text?: (row: R) => string;
  /** Where its text leads to. */
  readonly href?: (row: R) => string;
  readonly spark?: (row: R) => readonly Value[];
  readonly isText?: boolean;
  /** Left out on small screens. */
  readonly isMinor?: boolean;
  /** Whether the value is bad news. */
  readonly isBad?: (row: R) => boolean;
}

interface Line<R> {
  readonly root: HTMLElement;
  readonly show: (row: R) => void;
}

/** A table whose rows are sorted by a click on the head of a column. */
export class SortTable<R> {
  readonly root: HTMLElement;
  readonly #columns: readonly Column<R>[];
  readonly #keyOf: (row: R) => string;
  readonly #heads: readonly HTMLElement[];
  readonly #body = el('tbody');
  readonly #lines = new Keyed<Line<R>>(() => this.#newLine());
  #sort = '';

  /**
   * @param usual - the order without a choice: the key of a column, with a minus for falling.
   * @param onSort - called with the order that was chosen, in the same form.
   */
  constructor(
    caption: string,
    columns: readonly Column<R>[],
    keyOf: (row: R) => string,
    onSort: (sort: string) => void,
  ) {
    this.#columns = columns;
    this.#keyOf = keyOf;
    this.#heads = columns.map((column) => {
      const { key, label, order } = column;
      const head = el('th', { scope: 'col', className: classOf(column) });
      if (order === undefined) head.append(label);
      else {
        const next = (): string =>
          this.#sort === `-${key}` ? key : this.#sort === key ? `-${key}` : column.isText ? key : `-${key}`;
        head.append(el('button', { type: 'button', textContent: label, onclick: () => onSort(next()) }));
      }
      return head;
    });
    const table = el(
      'table',
      {},
      el('caption', { className: 'unseen', textContent: caption }),
      el('thead', {}, el('tr', {}, ...this.#heads)),
      this.#body,
    );
    this.root = el('div', { className: 'table' }, table);
  }

  show(rows: readonly R[], sort: string): void {
    this.#sort = sort;
    const isFalling = sort.startsWith('-');
    const by = sort.replace('-', '');
    for (const [at, { key, order }] of this.#columns.entries()) {
      if (order !== undefined)
        this.#heads[at]!.setAttribute(
          'aria-sort',
          key !== by ? 'none' : isFalling ? 'descending' : 'ascending',
        );
    }
    const order = this.#columns.find(({ key }) => key === by)?.order;
    const sorted =
      order === undefined
        ? [...rows]
        : [...rows].sort((a, b) => compare(order(a), order(b)) * (isFalling ? -1 : 1));
    const lines = this.#lines.of(sorted.map(this.#keyOf));
    for (const [at, line] of lines.entries()) line.show(sorted[at]!);
    arrange(
      this.#body,
      lines.map(({ root }) => root),
    );
  }

  #newLine(): Line<R> {
    const root = el('tr');
    const updates = this.#columns.map((column): ((row: R) => void) => {
      const cell = el(column === this.#columns[0] ? 'th' : 'td', { className: classOf(column) });
      if (column === this.#columns[0]) cell.setAttribute('scope', 'row');
      root.append(cell);
      if (column.spark !== undefined) {
        const line = new Sparkline();
        cell.append(line.root);
        return (row) => line.show(column.spark!(row));
      }
      const place = column.href === undefined ? cell : cell.appendChild(el('a'));
      return (row) => {
        (column.isText === true ? setName : setText)(place, column.text?.(row) ?? '');
        if (place instanceof HTMLAnchorElement) {
          const href = column.href!(row);
          if (place.getAttribute('href') !== href) place.href = href;
        }
        cell.classList.toggle('bad', column.isBad?.(row) === true);
      };
    });
    return { root, show: (row) => updates.forEach((update) => update(row)) };
  }
}

function classOf<R>({ isText = false, isMinor = false }: Column<R>): string {
  return [isText ? 'text' : 'number', isMinor ? 'minor' : ''].filter(Boolean).join(' ');
}

function compare(a: string | number, b: string | number): number {
  if (typeof a === 'number' && typeof b === 'number')
    return (Number.isNaN(a) ? -Infinity : a) - (Number.isNaN(b) ? -Infinity : b) || 0;
  return String(a) < String(b) ? -1 : 1;
}
