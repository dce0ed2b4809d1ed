/** One metric of a message, as it was read. */
export type Decoded =
  | { readonly type: 'counter'; readonly name: string; readonly value: number; readonly rate: number }
  | { readonly type: 'gauge'; readonly name: string; readonly value: number; readonly timestamp?: number }
  | {
      readonly type: 'timer';
      readonly name: string;
      readonly values: readonly number[];
      readonly rate: number;
    }
  | { readonly type: 'set'; readonly name: string; readonly members: readonly string[] };

export interface DecodeResult {
  readonly metrics: readonly Decoded[];
  /** The parts of the message that could not be read, as they stood. */
  readonly bad: readonly string[];
}

/**
 * Reads a message in the AppFirst format, as clients put it on the queue.
 *
 * @param message - Text, or its bytes in UTF-8 (a trailing NUL, which C programs send, is not part of it).
 * @returns The metrics in their order. Counters and timers carry their sample `rate` (1 without one): each counted
 * value stands for `1 / rate`. Timers are in ms; a gauge's `timestamp` is in Unix seconds. What can't be read is in
 * `bad`, and the rest is read all the same; nothing is thrown.
 * @example
 * ```js
 * const { decode } = require('@afstatsd/core');
 * console.log(decode('web.hits:15|c::login:10,5,7|ms').metrics);
 * ```
 */
export function decode(message: string | Uint8Array): DecodeResult {
  const text = typeof message === 'string' ? message : Buffer.from(message).toString('utf8');
  const metrics: Decoded[] = [];
  const bad: string[] = [];
  for (const part of text.replace(/\0$/, '').split('::')) {
    const metric = decodeMetric(part);
    if (metric === undefined) bad.push(part);
    else metrics.push(metric);
  }
  return { metrics, bad };
}

function decodeMetric(part: string): Decoded | undefined {
  const colon = part.indexOf(':');
  if (colon < 1) return undefined;
  const name = part.slice(0, colon);
  const [value = '', type, extra, ...surplus] = part.slice(colon + 1).split('|');
  if (surplus.length > 0) return undefined;
  switch (type) {
    case 'c':
      return decodeCounter(name, value, extra);
    case 'g':
      return decodeGauge(name, value, extra);
    case 'ms':
      return decodeTimer(name, value, extra);
    case 's':
      return extra === undefined && value !== ''
        ? { type: 'set', name, members: value.split(',') }
        : undefined;
    default:
      return undefined;
  }
}

function decodeCounter(name: string, text: string, extra: string | undefined): Decoded | undefined {
  const value = decodeNumber(text);
  const rate = decodeRate(extra);
  return value === undefined || rate === undefined ? undefined : { type: 'counter', name, value, rate };
}

function decodeGauge(name: string, text: string, extra: string | undefined): Decoded | undefined {
  const value = decodeNumber(text);
  if (value === undefined) return undefined;
  if (extra === undefined) return { type: 'gauge', name, value };
  const timestamp = decodeNumber(extra);
  return timestamp === undefined ? undefined : { type: 'gauge', name, value, timestamp };
}

function decodeTimer(name: string, text: string, extra: string | undefined): Decoded | undefined {
  const rate = decodeRate(extra);
  if (rate === undefined) return undefined;
  const values: number[] = [];
  for (const item of text.split(',')) {
    const value = decodeNumber(item);
    if (value === undefined) return undefined;
    values.push(value);
  }
  return { type: 'timer', name, values, rate };
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

function decodeNumber(text: string): number | undefined {
  if (!NUMBER.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

/** The rate of `@0.1`, 1 without a field, undefined for what isn't a rate in (0, 1]. */
function decodeRate(field: string | undefined): number | undefined {
  if (field === undefined) return 1;
  if (!field.startsWith('@')) return undefined;
  const rate = decodeNumber(field.slice(1));
  return rate !== undefined && rate > 0 && rate <= 1 ? rate : undefined;
}
