import type { Decoded, Tag } from '@afstatsd/core';
import type { Attributes } from '@opentelemetry/api';

/**
 * What an output makes of a metric: those of StatsD, but that what was taken off a counter counts apart from what was
 * added, and that values that are bytes, or whose unit is unknown (DogStatsD's `|h` and `|d`), aren't durations.
 */
export type SeriesKind = 'counter' | 'decrements' | 'gauge' | 'timer' | 'histogram' | 'set';

/** How metrics are called where an output passes them on. */
export interface Naming {
  /** The name of all series of one kind and raw name. Asked once for each; no two get the same one. */
  family(kind: SeriesKind, name: string): string;
  /** The attributes of one series of a family. Asked once for each; no two of a family get the same ones. */
  attributes(family: string, tags: readonly Tag[]): Attributes;
  /** The unit as that ecosystem writes it; empty for none. */
  unit(kind: SeriesKind): string;
}

/** Says that values are bytes, as `http.response.bytes` does: StatsD has one type for durations and everything else. */
const BYTES = /(?:^|[._])bytes(?:[._]|$)/;

/** What a metric that came in counts as. */
export function kindOf(metric: Decoded): SeriesKind {
  // A counter that falls looks like one that began anew.
  if (metric.type === 'counter' && metric.value < 0) return 'decrements';
  if (metric.type === 'timer' && (metric.as !== undefined || BYTES.test(metric.name))) return 'histogram';
  return metric.type;
}
