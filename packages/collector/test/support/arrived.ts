import type { Summary } from '../../src/output/console/summary.js';

interface TimerTotals {
  count: number;
  sum: number;
  min: number;
  max: number;
}

/** What the objects of a `--json` console say together: sums of counters, last values of gauges and sets, all of timers. */
export interface Arrived {
  readonly counters: Record<string, number>;
  readonly gauges: Record<string, number>;
  readonly sets: Record<string, number>;
  readonly timers: Record<string, TimerTotals>;
}

export function arrivedIn(text: string): Arrived {
  const arrived: Arrived = { counters: {}, gauges: {}, sets: {}, timers: {} };
  for (const line of text.split('\n').slice(0, -1)) {
    for (const metric of (JSON.parse(line) as { metrics: Summary[] }).metrics) add(arrived, metric);
  }
  return arrived;
}

function add({ counters, gauges, sets, timers }: Arrived, metric: Summary): void {
  const { name } = metric;
  switch (metric.type) {
    case 'counter':
      counters[name] = (counters[name] ?? 0) + metric.value;
      return;
    case 'gauge':
      gauges[name] = metric.value;
      return;
    case 'set':
      sets[name] = metric.value;
      return;
    case 'timer': {
      const { count, min, max, mean } = metric as Summary & { type: 'timer' };
      const timer = (timers[name] ??= { count: 0, sum: 0, min: Infinity, max: -Infinity });
      timer.count += count;
      timer.sum += mean * count;
      timer.min = Math.min(timer.min, min);
      timer.max = Math.max(timer.max, max);
    }
  }
}
