import type { AggregateView, MetricView } from '@afstatsd/core';
import { hasBytes } from '@afstatsd/prometheus/parts';

/** The decimals of a number of calls. Further decimals are noise from adding binary fractions. */
const COUNT_DIGITS = 6;

/** The numbers of a metric that the console shows. */
export type Summary =
  | { readonly type: 'counter' | 'gauge' | 'set'; readonly name: string; readonly value: number }
  | {
      readonly type: 'timer';
      readonly name: string;
      /** The unit of the values. DogStatsD's histograms and distributions have none, because theirs isn't known. */
      readonly unit?: 'ms' | 'bytes';
      /** The number of calls. It may be a fraction, because a sampled call stands for several, and intervals may share these. */
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

/** A sum rounded to 15 digits. Further digits are noise from adding binary fractions. */
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
