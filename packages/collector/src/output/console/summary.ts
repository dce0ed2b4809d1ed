import type { AggregateView, MetricView } from '@afstatsd/core';
import { hasBytes } from '@afstatsd/prometheus/parts';

/** Decimals of a number of calls: more of them are noise that adding binary fractions leaves behind. */
const COUNT_DIGITS = 6;

/** What the console shows of a metric. */
export type Summary =
  | { readonly type: 'counter' | 'gauge' | 'set'; readonly name: string; readonly value: number }
  | {
      readonly type: 'timer';
      readonly name: string;
      /** The unit of the values. Nobody knows that of DogStatsD's histograms and distributions, so they have none. */
      readonly unit?: 'ms' | 'bytes';
      /** Calls. Those that stand for more calls than one may come in two intervals, so each of them has a part of a call. */
      readonly count: number;
      readonly min: number;
      readonly mean: number;
      readonly p50: number;
      readonly p95: number;
      readonly max: number;
    };

/** @param unitless - names of timers whose values have no unit. */
export function summarise(metric: MetricView, unitless: ReadonlySet<string> = new Set()): Summary {
  const name = nameWithTags(metric);
  switch (metric.kind) {
    case 'counter':
      return { type: 'counter', name, value: withoutNoise(metric.value) };
    case 'gauge':
      return { type: 'gauge', name, value: metric.value };
    case 'set':
      return { type: 'set', name, value: metric.members.length };
    case 'timer':
      return {
        type: 'timer',
        name,
        ...unitOf(metric.name, unitless),
        ...summariseTimer(metric as AggregateView & { kind: 'timer' }),
      };
  }
}

function unitOf(name: string, unitless: ReadonlySet<string>): { unit?: 'ms' | 'bytes' } {
  if (hasBytes(name)) return { unit: 'bytes' };
  return unitless.has(name) ? {} : { unit: 'ms' };
}

/** A sum without the noise that adding binary fractions leaves behind the 15th digit. */
function withoutNoise(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(15));
}

function nameWithTags({ name, tags }: MetricView): string {
  if (tags.length === 0) return name;
  return `${name}{${tags.map(([key, value]) => `${key}=${value}`).join(',')}}`;
}

function summariseTimer(
  timer: AggregateView & { kind: 'timer' },
): Omit<Summary & { type: 'timer' }, 'type' | 'name' | 'unit'> {
  const { count, sum, min, max } = timer.distribution([]);
  const { values, length, exact, rate } = timer.samples;
  const weighted = Array.from({ length }, (_, i) => [values[i]!, i < exact ? 1 : 1 / rate] as const);
  weighted.sort((a, b) => a[0] - b[0]);
  return {
    count: Number(count.toFixed(COUNT_DIGITS)),
    min,
    mean: sum / count,
    p50: percentile(weighted, count, 0.5),
    p95: percentile(weighted, count, 0.95),
    max,
  };
}

/** The smallest value at or below which a share of the weight lies. */
function percentile(weighted: readonly (readonly [number, number])[], total: number, share: number): number {
  let below = 0;
  for (const [value, weight] of weighted) {
    below += weight;
    if (below >= share * total - 1e-6) return value;
  }
  return weighted.at(-1)?.[0] ?? NaN;
}
