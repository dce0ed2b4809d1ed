import type { Decoded } from '@afstatsd/core';

/**
 * The kinds of series in an output. They are StatsD's kinds, and two more. `decrements` are negative changes of a counter,
 * which are counted apart. A `histogram` has values that aren't durations: bytes, or values of unknown unit (DogStatsD's `|h`
 * and `|d`).
 */
export type SeriesKind = 'counter' | 'decrements' | 'gauge' | 'timer' | 'histogram' | 'set';

/**
 * Matches names of metrics whose values are bytes, such as `http.response.bytes`. The name tells, because StatsD's timers have
 * no unit.
 */
const BYTES = /(?:^|[._])bytes(?:[._]|$)/;

/** Whether the values of a timer of this name are bytes. */
export function hasBytes(name: string): boolean {
  return BYTES.test(name);
}

/** The kind of series for a metric that came in. */
export function kindOf(metric: Decoded): SeriesKind {
  // Decrements are apart, because a counter that falls looks like one that was reset.
  if (metric.type === 'counter' && metric.value < 0) return 'decrements';
  if (metric.type === 'timer' && (metric.as !== undefined || hasBytes(metric.name))) return 'histogram';
  return metric.type;
}
