import type { Tag } from '@afstatsd/core';
import {
  API_VERSION,
  COLUMNS,
  type LiveKind,
  type MetricItem,
  type MetricList,
  type PointsAnswer,
  type SeriesAnswer,
  type SeriesLine,
  type Steps,
  type Value,
} from './api.js';
import type { Bundle, Group } from './group.js';
import type { History } from './history.js';
import { type LiveSeries, STEP_MS } from './live-series.js';
import { graphite, promql } from './queries.js';

/** The most lines in a chart, because more can't be told apart. */
const MOST_LINES = 20;
/** The most series in a request for points. */
const MOST_IDS = 500;
/** The significant digits of values. Gauges aren't rounded, because every digit of them may count. */
const DIGITS = 6;

/** The error for a request that can't be answered, with its HTTP status. */
export class Unanswerable extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export function steps(history: History, run: string): Steps {
  const { points, step, stepBegan } = history;
  return { run, stepMs: STEP_MS, points, step, stepBegan };
}

export function itemOf(series: LiveSeries, { step, done }: History): MetricItem {
  const { id, name, tags, kind, of, first } = series.identity;
  return {
    id,
    name,
    tags: Object.fromEntries(tags),
    kind,
    unit: unitOf(kind, name),
    ...(of === undefined ? {} : { of }),
    first,
    now: rounded(series.now(step, done), kind),
  };
}

export function valuesNow(series: LiveSeries, { step, done }: History): Value[] {
  return rounded(series.now(step, done), series.identity.kind);
}

export function valuesAt(series: LiveSeries, step: number): Value[] {
  return rounded(series.at(step), series.identity.kind);
}

/** `/api/v1/metrics?search=…&limit=…` */
export function metricList(history: History, run: string, query: URLSearchParams): MetricList {
  const words = (query.get('search') ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  const limit = integerOf(query, 'limit') ?? Infinity;
  const found: LiveSeries[] = [];
  for (const series of history.all()) {
    if (words.every((word) => searchText(series).includes(word))) found.push(series);
  }
  const metrics = found.slice(0, limit).map((series) => itemOf(series, history));
  return { version: API_VERSION, ...steps(history, run), matching: found.length, metrics };
}

/** `/api/v1/points?id=…&id=…&last=…` */
export function points(history: History, run: string, query: URLSearchParams): PointsAnswer {
  const ids = query.getAll('id');
  if (ids.length > MOST_IDS) throw new Unanswerable(400, `at most ${MOST_IDS} ids at once`);
  const from = firstStep(history, query);
  const found: Record<string, Value[]> = {};
  for (const id of ids) {
    const series = history.get(Number(id));
    if (series === undefined) continue;
    const values: Value[] = [];
    for (let step = from; step < history.step; step++) values.push(valuesAt(series, step)[0]!);
    found[id] = values;
  }
  return { version: API_VERSION, ...steps(history, run), from, values: found };
}

/** `/api/v1/series?id=…`, or `?name=…&kind=…&tag=KEY:VALUE&by=KEY&last=…` */
export function seriesAnswer(history: History, run: string, query: URLSearchParams): SeriesAnswer {
  const { group, tags, by } = selected(history, query);
  const { kind, name } = group;
  const from = firstStep(history, query);
  const lines = linesOf(group, tags, by)
    .map((line) => ({ ...line, values: columnsOf(line, kind, from, history) }))
    .sort((a, b) => weightOf(b) - weightOf(a));
  return {
    version: API_VERSION,
    ...steps(history, run),
    name,
    kind,
    unit: unitOf(kind, name),
    columns: COLUMNS[kind],
    from,
    lines: lines.slice(0, MOST_LINES).map(({ sources, ...line }) => ({ ...line, series: sources.length })),
    leftOut: Math.max(0, lines.length - MOST_LINES),
    tagKeys: group.tagKeys,
    queries: {
      promql: promql({ kind, name, tags, by }),
      graphite: graphite({ kind, name, tags, by }),
    },
  };
}

/** A line of a chart before its values are read. It has the series that it adds up, and their total series if there is one. */
interface Source {
  readonly id?: number;
  readonly tags: Readonly<Record<string, string>>;
  readonly sources: readonly LiveSeries[];
  readonly total: LiveSeries | undefined;
}

function linesOf(group: Group, tags: readonly Tag[], by: string | undefined): Source[] {
  const fixed = Object.fromEntries(tags);
  if (by === undefined) {
    if (tags.length === 0) return [source(fixed, group.all)];
    const [key, value] = tags[0]!;
    const shared = tags.length === 1 ? group.by(key).get(value) : undefined;
    return [source(fixed, shared ?? { series: matching(group.all.series, tags), total: undefined })];
  }
  const lines: Source[] = [];
  for (const [value, bundle] of group.by(by)) {
    const own = value === undefined ? fixed : { ...fixed, [by]: value };
    const series = tags.length === 0 ? bundle.series : matching(bundle.series, tags);
    if (series.length === 0) continue;
    lines.push(
      source(own, { series, total: series.length === bundle.series.length ? bundle.total : undefined }),
    );
  }
  return lines;
}

function source(tags: Readonly<Record<string, string>>, { series: sources, total }: Bundle): Source {
  const id = total?.identity.id ?? (sources.length === 1 ? sources[0]!.identity.id : undefined);
  return { tags, sources, total, ...(id === undefined ? {} : { id }) };
}

function matching(series: readonly LiveSeries[], tags: readonly Tag[]): LiveSeries[] {
  return series.filter(({ identity }) =>
    tags.every(([key, value]) => identity.tags.some(([k, v]) => k === key && v === value)),
  );
}

/** The values of a line, by column. Percentiles of several series without a total are unknown. */
function columnsOf(
  { sources, total }: Source,
  kind: LiveKind,
  from: number,
  { step: end }: History,
): Value[][] {
  const columns: Value[][] = COLUMNS[kind].map(() => []);
  const only = total ?? (sources.length === 1 ? sources[0] : undefined);
  for (let step = from; step < end; step++) {
    const values = only === undefined ? sums(sources, step) : only.at(step);
    const shown = rounded(values, kind);
    for (const [at, column] of columns.entries()) column.push(shown[at] ?? null);
  }
  return columns;
}

/** The sum of several series in a step. Only the first column can be added up. */
function sums(sources: readonly LiveSeries[], step: number): number[] {
  let sum = NaN;
  for (const series of sources) {
    const value = series.at(step)[0]!;
    if (!Number.isNaN(value)) sum = (Number.isNaN(sum) ? 0 : sum) + value;
  }
  return [sum];
}

function weightOf({ values }: SeriesLine | { values: readonly (readonly Value[])[] }): number {
  let sum = 0;
  for (const value of values[0] ?? []) sum += Math.abs(value ?? 0);
  return sum;
}

function selected(
  history: History,
  query: URLSearchParams,
): { group: Group; tags: readonly Tag[]; by: string | undefined } {
  const by = query.get('by') ?? undefined;
  const id = query.get('id');
  if (id !== null) {
    const series = history.get(Number(id));
    if (series === undefined) throw new Unanswerable(404, 'there is no series of this number (any more)');
    const { kind, name, tags, of } = series.identity;
    return { group: history.group(kind, name)!, tags: of?.length === 2 ? [[of[0]!, of[1]!]] : tags, by };
  }
  const name = query.get('name');
  if (name === null) throw new Unanswerable(400, 'a name or an id is needed');
  const kinds = history.kindsOf(name);
  const kind = query.get('kind') ?? kinds[0];
  const group = kinds.find((one) => one === kind);
  if (group === undefined) throw new Unanswerable(404, 'there is no metric of this name and kind');
  const tags = query.getAll('tag').map((text): Tag => {
    const at = text.indexOf(':');
    return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
  });
  return { group: history.group(group, name)!, tags, by };
}

/** The first step that the request asks for. It isn't before the beginning of the history. */
function firstStep({ step, points: kept }: History, query: URLSearchParams): number {
  const last = Math.min(kept, integerOf(query, 'last') ?? kept);
  return Math.max(0, step - last);
}

function integerOf(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  if (!/^\d{1,9}$/.test(text)) throw new Unanswerable(400, `${name} must be a whole number`);
  return Number(text);
}

function searchText({ identity: { name, tags, of = [] } }: LiveSeries): string {
  return `${name} ${[...tags, of].flat().join(' ')}`.toLowerCase();
}

function unitOf(kind: LiveKind, name: string): string {
  if (kind === 'timer') return 'ms';
  return /(?:^|[._])bytes(?:[._]|$)/.test(name) && kind !== 'counter' && kind !== 'set' ? 'bytes' : '';
}

function rounded(values: readonly number[], kind: LiveKind): Value[] {
  return values.map((value) => {
    if (!Number.isFinite(value)) return null;
    return kind === 'gauge' || Number.isInteger(value) ? value : Number(value.toPrecision(DIGITS));
  });
}
