import type { LiveKind, SeriesAnswer, Value } from '../src/live/api.js';
import { Chart } from './chart.js';
import { chartData, liveValues } from './chart-data.js';
import { getJson } from './connection.js';
import { copyButton } from './copy-button.js';
import { csvOf } from './csv.js';
import { el, setText } from './dom.js';
import { field } from './field.js';
import { mainColumn, number, valueText } from './format.js';
import { completenessText } from './health.js';
import { Legend } from './legend.js';
import type { Route } from './route.js';
import { tagText, visible } from './text.js';
import type { Stage, View } from './view.js';

const PERCENTILES = ['p50', 'p95', 'p99'] as const;

const MEANINGS: Readonly<Record<LiveKind, string>> = {
  counter: 'A counter, as its rate a second.',
  gauge: 'A gauge, as its last value; several are added up.',
  timer: 'A timer: percentiles of its durations, within about 1 %, and how many there were a second.',
  histogram:
    'Values that are no durations: their percentiles, within about 1 %, and how many there were a second.',
  set: 'A set, as its distinct members in each 5 seconds.',
};

/** One metric in large: its charts, and what can be done with them. */
export class MetricView implements View {
  title = 'Metric';
  readonly root = el('div', { className: 'metric' });
  readonly #stage: Stage;
  readonly #heading = el('h1', { tabIndex: -1 });
  readonly #meaning = el('p', { className: 'quiet' });
  readonly #tags = el('div', { className: 'tags' });
  readonly #by = el('select', { id: 'by' });
  readonly #column = el('select', { id: 'column' });
  readonly #minutes = el('select', { id: 'minutes' });
  readonly #compare = el('input', { type: 'checkbox', id: 'compare' });
  readonly #columnField = field('Percentile', this.#column);
  readonly #now = el('p', { className: 'large' });
  readonly #complete = el('p', { className: 'quiet complete' });
  readonly #charts = el('div', { className: 'charts' });
  readonly #legend = new Legend();
  readonly #problem = el('p', { className: 'problem', role: 'status' });
  #parts: { readonly chart: Chart; readonly columns: readonly string[] }[] = [];
  #route: Route | undefined;
  #answer: SeriesAnswer | undefined;
  #asked = '';
  #askedStep = -1;

  constructor(stage: Stage) {
    this.#stage = stage;
    const change = (): void =>
      stage.go(
        {
          ...this.#route,
          by: this.#by.value,
          column: this.#column.value || 'p95',
          minutes: this.#minutes.value === '20' ? 20 : 10,
          compare: this.#compare.checked,
        },
        true,
      );
    for (const control of [this.#by, this.#column, this.#minutes, this.#compare])
      control.addEventListener('change', change);
    this.#column.append(...PERCENTILES.map((value) => el('option', { value, textContent: value })));
    this.#minutes.append(
      el('option', { value: '10', textContent: '10 minutes' }),
      el('option', { value: '20', textContent: '20 minutes' }),
    );
    const queries = (kind: 'promql' | 'graphite') => (): string =>
      this.#answer?.queries[kind].join('\n') ?? '';
    this.root.append(
      this.#heading,
      this.#meaning,
      this.#tags,
      el(
        'div',
        { className: 'controls' },
        field('Split by', this.#by),
        this.#columnField,
        field('Show', this.#minutes),
        el(
          'span',
          { className: 'field' },
          this.#compare,
          el('label', { htmlFor: 'compare', textContent: 'Compare with the 10 minutes before' }),
        ),
      ),
      el('div', { className: 'summary' }, this.#now, this.#complete),
      this.#problem,
      this.#charts,
      this.#legend.root,
      el(
        'div',
        { className: 'controls' },
        copyButton('Copy as PromQL', queries('promql')),
        copyButton('Copy as Graphite', queries('graphite')),
        copyButton('Copy as CSV', () => (this.#answer === undefined ? '' : csvOf(this.#answer))),
        copyButton('Copy link', () => location.href),
      ),
    );
  }

  show(route: Route): void {
    this.#route = route;
    const { name, by, minutes, compare, column } = route;
    this.title = visible(name);
    setText(this.#heading, visible(name));
    this.#minutes.value = String(minutes);
    this.#compare.checked = compare;
    this.#compare.disabled = minutes !== 10;
    this.#column.value = column;
    this.#showTags(route);
    if (this.#by.value !== by) this.#showKeys();
    this.#askedStep = -1;
    this.update();
  }

  update(): void {
    const { steps, status } = this.#stage.model;
    if (steps === undefined || this.#route === undefined) return;
    if (status !== undefined)
      setText(this.#complete, `How complete this is: ${completenessText(status.completeness)}`);
    const path = this.#path(this.#route);
    if (steps.step !== this.#askedStep || path !== this.#asked) {
      this.#askedStep = steps.step;
      this.#asked = path;
      void this.#ask(path);
    }
    this.#draw();
  }

  close(): void {
    for (const { chart } of this.#parts) chart.close();
  }

  #path({ name, kind, tags, by }: Route): string {
    const query = new URLSearchParams({ name });
    if (kind !== undefined) query.set('kind', kind);
    for (const [key, value] of tags) query.append('tag', `${key}:${value}`);
    if (by !== '') query.set('by', by);
    return `/api/v1/series?${query}`;
  }

  async #ask(path: string): Promise<void> {
    try {
      const answer = await getJson<SeriesAnswer>(path);
      if (path !== this.#asked) return;
      this.#answer = answer;
      setText(this.#problem, answer.leftOut > 0 ? `The ${answer.leftOut} smallest lines are left out.` : '');
      this.#showKeys();
    } catch (error) {
      if (path !== this.#asked) return;
      // A lost connection is said at the top, and the last chart stays.
      if (this.#answer === undefined) setText(this.#problem, (error as Error).message);
    }
    this.#draw();
  }

  #showTags(route: Route): void {
    const chips = route.tags.map(([key, value], at) => {
      const text = tagText({ [key]: value });
      const button = el('button', {
        type: 'button',
        textContent: `${text} ×`,
        aria: { 'aria-label': `Without ${text}` },
      });
      button.addEventListener('click', () =>
        this.#stage.go({ ...route, tags: route.tags.filter((_, other) => other !== at) }),
      );
      return button;
    });
    this.#tags.replaceChildren(...chips);
    this.#tags.hidden = chips.length === 0;
  }

  /** The tags by which it can be split: those that are fixed can't tell anything apart. */
  #showKeys(): void {
    const { by = '', tags = [] } = this.#route ?? {};
    const keys = Object.entries(this.#answer?.tagKeys ?? {}).filter(
      ([key]) => !tags.some(([fixed]) => fixed === key),
    );
    const options: (readonly [value: string, text: string])[] = [['', 'nothing']];
    for (const [key, values] of keys) options.push([key, `${visible(key)} (${values})`]);
    if (by !== '' && !keys.some(([key]) => key === by)) options.push([by, visible(by)]);
    const wanted = JSON.stringify(options);
    if (this.#by.dataset['options'] !== wanted) {
      this.#by.dataset['options'] = wanted;
      this.#by.replaceChildren(
        ...options.map(([value, textContent]) => el('option', { value, textContent })),
      );
    }
    this.#by.value = by;
  }

  #draw(): void {
    const [answer, route] = [this.#answer, this.#route];
    if (answer === undefined || route === undefined || answer.name !== route.name) return;
    const { kind, unit, lines } = answer;
    const isTimer = kind === 'timer' || kind === 'histogram';
    setText(this.#meaning, MEANINGS[kind]);
    this.#columnField.hidden = !isTimer || route.by === '';
    this.#arrangeCharts(kind, route);
    const { model } = this.#stage;
    const charts = this.#parts.map(({ chart, columns }) => {
      const data = chartData(answer, route, columns, model);
      chart.show(
        data,
        `${visible(answer.name)}: ${columns.join(', ')} over time. The numbers are in the table below.`,
      );
      return { columns, data };
    });
    this.#legend.show(answer, route, charts, model);
    const total = lines.length === 1 ? liveValues(lines[0]!, answer, model) : undefined;
    const column = mainColumn(kind);
    const parts =
      total === undefined
        ? [`${number(lines.length)} lines`]
        : answer.columns.map((one, at) =>
            one === column || one === 'rate' || isTimer ? labelledValue(one, unit, total[at]) : '',
          );
    setText(this.#now, parts.filter(Boolean).join('  ·  '));
  }

  #arrangeCharts(kind: LiveKind, { by, column }: Route): void {
    const isTimer = kind === 'timer' || kind === 'histogram';
    const wanted = isTimer ? [by === '' ? [...PERCENTILES] : [column], ['rate']] : [[mainColumn(kind)]];
    if (JSON.stringify(wanted) === JSON.stringify(this.#parts.map(({ columns }) => columns))) return;
    for (const { chart } of this.#parts) chart.close();
    const unit = this.#answer?.unit ?? '';
    this.#parts = wanted.map((columns) => ({
      columns,
      chart: new Chart((value) => valueText(columns[0]!, unit, value)),
    }));
    this.#charts.replaceChildren(
      ...this.#parts.map(({ chart, columns }) =>
        el('figure', {}, el('figcaption', { textContent: titleOf(columns) }), chart.root),
      ),
    );
  }
}

function labelledValue(column: string, unit: string, value: Value | undefined): string {
  const text = valueText(column, unit, value);
  return column === 'rate' || column === 'value' ? text : `${column} ${text}`;
}

function titleOf(columns: readonly string[]): string {
  return (
    { rate: 'Rate', value: 'Value', distinct: 'Distinct members' }[columns[0]!] ??
    (columns.length > 1 ? 'Percentiles' : columns[0]!)
  );
}
