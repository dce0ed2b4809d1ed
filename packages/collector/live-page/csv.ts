import type { SeriesAnswer, Value } from '../src/live/api.js';

/** A field of CSV. A spreadsheet takes a text that begins like a formula for one, so an apostrophe stands before it. */
function field(value: Value | string): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The values of a chart as CSV: a line a step, and a column for each column of each line. */
export function csvOf({ columns, lines, from, step, stepBegan, stepMs }: SeriesAnswer): string {
  const heads = lines.flatMap(({ tags }) => {
    const text = Object.entries(tags).map(([key, value]) => `${key}=${value}`);
    return columns.map((column) => [...text, column].join(' '));
  });
  const rows = [['time', ...heads].map(field).join(',')];
  for (let at = from; at < step; at++) {
    const time = new Date(stepBegan - (step - at) * stepMs).toISOString();
    const values = lines.flatMap((line) =>
      columns.map((_, column) => line.values[column]?.[at - from] ?? null),
    );
    rows.push([time, ...values].map(field).join(','));
  }
  return `${rows.join('\n')}\n`;
}
