import type { Decoded } from '@afstatsd/core';

/**
 * What an output makes of a metric: those of StatsD, but that what was taken off a counter counts apart from what was
 * added, and that values that are bytes, or whose unit is unknown (DogStatsD's `|h` and `|d`), aren't durations.
 */
export type SeriesKind = 'counter' | 'decrements' | 'gauge' | 'timer' | 'histogram' | 'set';

/** Says that values are bytes, as `http.response.bytes` does: StatsD has one type for durations and everything else. */
const BYTES = /(?:^|[._])bytes(?:[._]|$)/;

/** Whether the values of a timer of this name are bytes. */
export function hasBytes(name: string): boolean {
  return BYTES.test(name);
}

/** What a metric that came in counts as. */
export function kindOf(metric: Decoded): SeriesKind {
  // A counter that falls looks like one that began anew.
  if (metric.type === 'counter' && metric.value < 0) return 'decrements';
  if (metric.type === 'timer' && (metric.as !== undefined || hasBytes(metric.name))) return 'histogram';
  return metric.type;
}
