import type { Row } from './compare.js';
import { table } from './table.js';

/** The comparison as people read it. */
export function report(rows: readonly Row[]): string {
  const head = ['metric', 'what', 'recorded', 'counted', ''];
  const body = rows.map(({ metric, what, recorded, counted, equal }) => [
    metric,
    what,
    recorded,
    counted,
    equal ? 'equal' : 'DIFFERENT',
  ]);
  const different = rows.filter(({ equal }) => !equal).length;
  const verdict =
    different === 0
      ? `All ${rows.length} are equal.`
      : `${different} of ${rows.length} are different: samples were lost, or counted twice.`;
  return [...table([head, ...body], 2), '', verdict].join('\n');
}

/** The exit code that says whether all are equal. */
export function exitCode(rows: readonly Row[]): number {
  return rows.length > 0 && rows.every(({ equal }) => equal) ? 0 : 1;
}
