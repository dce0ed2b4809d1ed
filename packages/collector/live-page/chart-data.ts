import type { SeriesAnswer, SeriesLine, Value } from '../src/live/api.js';
import { COLOURS, type ChartData, type ChartLine } from './chart.js';
import { type Model, sumNow } from './model.js';
import type { Route } from './route.js';
import { visible } from './text.js';

const MINUTE_MS = 60_000;
/** The time before that is compared with, in ms. */
const BEFORE_MS = 10 * MINUTE_MS;
/** While the history is shorter, it fills no more than this of the chart, in steps. */
const FEWEST_STEPS = 24;

/** The lines of a chart: each column of each line, up to the step under way. */
export function chartData(
  answer: SeriesAnswer,
  { minutes, compare, by }: Route,
  columns: readonly string[],
  model: Model,
): ChartData {
  const { stepMs, step, from, lines } = answer;
  const wanted = Math.floor((minutes * MINUTE_MS) / stepMs);
  const count = Math.min(wanted, Math.max(FEWEST_STEPS, step));
  const shown: ChartLine[] = [];
  for (const [index, line] of lines.entries()) {
    const live = liveValues(line, answer, model);
    for (const [at, column] of columns.entries()) {
      const position = answer.columns.indexOf(column);
      const values = line.values[position] ?? [];
      const label = by === '' ? column : labelOf(line, by);
      const colour = by === '' ? at : index;
      const window = (start: number): Value[] =>
        Array.from({ length: count }, (_, offset) => values[start + offset - from] ?? null);
      const first = step - count;
      shown.push({
        label,
        colour,
        isDashed: index >= COLOURS,
        values: [...window(first), /^p\d/.test(column) ? null : (live[position] ?? null)],
        now: live[position] ?? null,
      });
      if (!compare || minutes !== 10) continue;
      const before = window(first - Math.floor(BEFORE_MS / stepMs));
      shown.push({
        label: `${label}, 10 min before`,
        colour,
        isDashed: true,
        values: [...before, null],
        now: null,
      });
    }
  }
  return { times: timesOf(answer, count), lines: shown };
}

/** A value stands at the end of its step; the last one is of the step under way. */
function timesOf({ stepBegan, stepMs }: SeriesAnswer, count: number): number[] {
  const times = Array.from({ length: count }, (_, at) => stepBegan - (count - 1 - at) * stepMs);
  return [...times, Math.max(stepBegan + 1, Math.min(stepBegan + stepMs, Date.now()))];
}

/** The values of a line now: those of its series, or the sum of all that it adds up. */
export function liveValues(
  { id, tags }: SeriesLine,
  { name, kind, columns }: SeriesAnswer,
  model: Model,
): Value[] {
  const one = id === undefined ? undefined : model.metrics.get(id);
  if (one !== undefined) return [...one.now];
  const wanted = Object.entries(tags);
  const parts = [...model.ofName(name, kind)].filter(({ item }) =>
    wanted.every(([key, value]) => item.tags[key] === value),
  );
  const sum = sumNow(parts);
  return columns.map((_, at) => (at === 0 ? sum : null));
}

/** What a tag tells apart a line by. */
export function labelOf({ tags }: SeriesLine, by: string): string {
  const value = tags[by];
  return value === undefined ? `without ${visible(by)}` : visible(value === '' ? by : value);
}
