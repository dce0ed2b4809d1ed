import type { AggregateView, Decoded, StatsdClient } from '@afstatsd/core';

interface Lines {
  readonly normalise: (metric: Decoded) => Decoded;
  readonly write: (metric: AggregateView, period: { time: number; seconds: number }) => string;
}

/** What a store's lines say of some metrics, recorded in one period of 10 s. */
export function linesOf(lines: Lines, statsd: StatsdClient, metrics: readonly Decoded[]): string[] {
  for (const metric of metrics) statsd.ingest(lines.normalise(metric));
  const period = { time: 1_700_000_000, seconds: 10 };
  return [...statsd.views()].flatMap((view) => lines.write(view, period).split('\n').slice(0, -1));
}
