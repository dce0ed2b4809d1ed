import type { SeriesAnswer, Value } from '../src/live/api.js';
import { COLOURS, type ChartData } from './chart.js';
import { labelOf, liveValues } from './chart-data.js';
import { Keyed, arrange, el, setName, setText } from './dom.js';
import { rate, valueText } from './format.js';
import type { Model } from './model.js';
import { type Route, linkTo } from './route.js';

interface LegendRow {
  readonly root: HTMLElement;
  readonly mark: HTMLElement;
  readonly name: HTMLElement;
  readonly cells: readonly HTMLElement[];
}

/** What a row says. */
interface RowText {
  readonly label: string;
  readonly href: string | undefined;
  readonly mark: string;
  readonly cells: readonly string[];
}

const HEADS = ['Now', 'Lowest', 'Highest', 'Rate now'] as const;
/** A small screen has no room for the lowest value. */
const MINOR = HEADS.indexOf('Lowest');
const classOf = (at: number): string => (at === MINOR ? 'number minor' : 'number');

/** The numbers of a chart as a table: what the colours mean, and what a screen reader reads. */
export class Legend {
  readonly root: HTMLElement;
  readonly #heads = HEADS.map((text, at) =>
    el('th', { scope: 'col', className: classOf(at), textContent: text }),
  );
  readonly #body = el('tbody');
  readonly #rows = new Keyed<LegendRow>(() => newRow());

  constructor() {
    const head = el(
      'tr',
      {},
      el('th', { scope: 'col', className: 'text', textContent: 'Line' }),
      ...this.#heads,
    );
    const caption = el('caption', { className: 'unseen', textContent: 'Lines of the chart' });
    this.root = el(
      'div',
      { className: 'table' },
      el('table', {}, caption, el('thead', {}, head), this.#body),
    );
  }

  /** @param charts - with the columns that each shows. Of a timer that is split, the rate is a column here. */
  show(
    answer: SeriesAnswer,
    route: Route,
    charts: readonly { readonly columns: readonly string[]; readonly data: ChartData }[],
    model: Model,
  ): void {
    const hasRates = route.by !== '' && charts.length > 1;
    this.#heads[3]!.hidden = !hasRates;
    const texts: RowText[] = [];
    for (const { columns, data } of hasRates ? charts.slice(0, 1) : charts) {
      for (const { label, colour, isDashed, values, now } of data.lines) {
        const known = values.filter((value) => value !== null);
        const cells = [
          now,
          ...(known.length === 0 ? [null, null] : [Math.min(...known), Math.max(...known)]),
        ];
        const shown = cells.map((value: Value | undefined) => valueText(columns[0]!, answer.unit, value));
        const line =
          route.by === '' ? undefined : answer.lines.find((one) => labelOf(one, route.by) === label);
        const value = line?.tags[route.by];
        texts.push({
          label,
          href:
            value === undefined
              ? undefined
              : linkTo({ ...route, by: '', tags: [...route.tags, [route.by, value]] }),
          mark: `mark line-${colour % COLOURS}${isDashed ? ' dashed' : ''}`,
          cells: [...shown, hasRates && line !== undefined ? rate(liveValues(line, answer, model)[0]) : ''],
        });
      }
    }
    const rows = this.#rows.of(texts.map(({ label, mark }) => `${label}\0${mark}`));
    for (const [at, row] of rows.entries()) fill(row, texts[at]!, hasRates);
    arrange(
      this.#body,
      rows.map(({ root }) => root),
    );
  }
}

function newRow(): LegendRow {
  const mark = el('span', { className: 'mark' });
  const name = el('a');
  const cells = HEADS.map((_, at) => el('td', { className: classOf(at) }));
  const head = el('th', { className: 'text', scope: 'row' }, mark, name);
  return { root: el('tr', {}, head, ...cells), mark, name, cells };
}

function fill({ mark, name, cells }: LegendRow, text: RowText, hasRates: boolean): void {
  mark.className = text.mark;
  setName(name, text.label);
  if (text.href === undefined) name.removeAttribute('href');
  else if (name.getAttribute('href') !== text.href) name.setAttribute('href', text.href);
  for (const [at, cell] of cells.entries()) setText(cell, text.cells[at] ?? '');
  cells[3]!.hidden = !hasRates;
}
