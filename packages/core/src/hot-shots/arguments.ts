import type { MetricOptions, StatsCb, Tags } from './options.js';

/** The arguments of a call after its name and value. */
export interface Rest {
  readonly sampleRate: number | undefined;
  readonly tags: Tags | undefined;
  readonly callback: StatsCb | undefined;
  readonly timestamp: Date | number | undefined;
  readonly cardinality: string | undefined;
}

const OPTION_NAMES = ['sampleRate', 'tags', 'timestamp', 'cardinality'];

/** The sample rate, tags and callback of a call, each of which may be left out, or an object of options and a callback. */
export function readRest(args: readonly unknown[]): Rest {
  const [first] = args;
  const callback = args.find((arg) => typeof arg === 'function') as StatsCb | undefined;
  if (isOptions(first)) {
    const { sampleRate, tags, timestamp, cardinality } = first;
    return { sampleRate: rateOf(sampleRate), tags, callback, timestamp, cardinality };
  }
  const tags = [args[1], first].find((arg) => typeof arg === 'object' && arg !== null) as Tags | undefined;
  return { sampleRate: rateOf(first), tags, callback, timestamp: undefined, cardinality: undefined };
}

/** The value of `increment` and `decrement`, and what stands behind it. The value may be left out. */
export function readCount(args: readonly unknown[]): { value: unknown; rest: Rest } {
  const [value, ...rest] = args;
  const isLeftOut = typeof value === 'object' && value !== null;
  if (isLeftOut || typeof value === 'function') return { value: 1, rest: readRest(args) };
  return { value: value ?? 1, rest: readRest(rest) };
}

function isOptions(value: unknown): value is MetricOptions {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    OPTION_NAMES.some((name) => Object.hasOwn(value, name))
  );
}

function rateOf(value: unknown): number | undefined {
  return typeof value === 'number' && value > 0 && value < 1 ? value : undefined;
}
