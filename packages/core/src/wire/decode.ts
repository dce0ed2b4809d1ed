import type { Tag } from '../text/tags.js';

interface Named {
  /** As it was written. */
  readonly name: string;
  /** DogStatsD tags, in the order of the message. A tag without a value has an empty one. Absent when there are none. */
  readonly tags?: readonly Tag[];
}

/** One metric of a message, as it was read. Each has a `name`, and unless it has none, DogStatsD's `tags`: a list of keys and values. */
export type Decoded =
  | (Named & {
      /** What kind of metric it is. */
      readonly type: 'counter';
      /** What the counter changes by, of the calls that were sent. */
      readonly value: number;
      /** Its sample rate: the change stands for `value / rate`. 1 without one. */
      readonly rate: number;
    })
  | (Named & {
      /** What kind of metric it is. */
      readonly type: 'gauge';
      /** The value; if it is `signed`, that may be what the value changes by. */
      readonly value: number;
      /** When it was set, in seconds since 1970, where the message says so. */
      readonly timestamp?: number;
      /** Written with a sign and without a time: to a server of the etsy kind, a change of the value that it has. */
      readonly signed?: true;
    })
  | (Named & {
      /** What kind of metric it is. */
      readonly type: 'timer';
      /** What it was sent as, when that is not a timer: DogStatsD's `|h` and `|d`, whose values need not be durations. */
      readonly as?: 'histogram' | 'distribution';
      /** Durations in ms. */
      readonly values: readonly number[];
      /** Their sample rate: each one stands for `1 / rate`. 1 without one. */
      readonly rate: number;
    })
  | (Named & {
      /** What kind of metric it is. */
      readonly type: 'set';
      /** Members, as they were written. */
      readonly members: readonly string[];
    });

/** What a message says. */
export interface DecodeResult {
  /** In the order of the message. */
  readonly metrics: readonly Decoded[];
  /** The parts of the message that could not be read, as they stood. */
  readonly bad: readonly string[];
}

/**
 * Reads a message: in the AppFirst format, as clients put it on the queue, or in etsy's or Datadog's, as they send it over
 * UDP. Which one it is, is seen from its form.
 *
 * @param message - Text, or its bytes in UTF-8 (a trailing NUL, which C programs send, is not part of it).
 * @returns The metrics in their order. Counters and timers carry their sample `rate` (1 without one): each counted
 * value stands for `1 / rate`. Timers are in ms. What can't be read is in `bad`, and the rest is read all the same;
 * nothing is thrown.
 * @example
 * ```js
 * const { decode } = require('@afstatsd/core');
 * console.log(decode('web.hits:15|c::login:10,5,7|ms').metrics);
 * console.log(decode('login:10:5:7|ms|@0.5|#host:web1').metrics);
 * ```
 */
export function decode(message: string | Uint8Array): DecodeResult {
  const text = textOf(message);
  const metrics: Decoded[] = [];
  const bad: string[] = [];
  const lines = text.split('\n');
  // Some clients end the last line, too.
  if (lines.length > 1 && lines.at(-1) === '') lines.pop();
  for (const line of lines) {
    for (const part of splitBundle(line.endsWith('\r') ? line.slice(0, -1) : line)) {
      const metric = decodeMetric(part);
      if (metric === undefined) bad.push(part);
      else metrics.push(metric);
    }
  }
  return { metrics, bad };
}

/** The text of a message, without copying its bytes, and without the NUL at its end. */
function textOf(message: string | Uint8Array): string {
  const text =
    typeof message === 'string'
      ? message
      : Buffer.from(message.buffer, message.byteOffset, message.byteLength).toString('utf8');
  return text.endsWith('\0') ? text.slice(0, -1) : text;
}

/** The metrics of an AppFirst bundle. `::` in a tag's value is none of its separators, so nothing is split from there on. */
function splitBundle(line: string): string[] {
  const tags = line.indexOf('|#');
  if (tags < 0) return line.split('::');
  const parts = line.slice(0, tags).split('::');
  parts[parts.length - 1] += line.slice(tags);
  return parts;
}

/** How Datadog's events begin. Its service checks (`_sc|name|0`) have a bar before the first colon. */
const EVENT = '_e{';
const NO_FIELDS: Fields = { rate: 1 };

/** What stands after a metric's type. */
interface Fields {
  rate: number;
  tags?: readonly Tag[];
  timestamp?: number;
}

function decodeMetric(part: string): Decoded | undefined {
  const colon = part.indexOf(':');
  if (colon < 1) return undefined;
  const name = part.slice(0, colon);
  const bar = part.indexOf('|');
  if (bar < colon || name.startsWith(EVENT)) return undefined; // without a bar, too
  const value = part.slice(colon + 1, bar);
  const end = part.indexOf('|', bar + 1);
  const type = part.slice(bar + 1, end < 0 ? undefined : end);
  const fields = end < 0 ? NO_FIELDS : decodeFields(part.slice(end + 1).split('|'), type);
  if (fields === undefined) return undefined;
  const { rate, timestamp } = fields;
  const named: Named = fields.tags === undefined ? { name } : { name, tags: fields.tags };
  if (type === 's') return value === '' ? undefined : { type: 'set', ...named, members: value.split(',') };
  // Datadog packs values with colons, AppFirst those of timers with commas.
  const values = decodeNumbers(value, type === 'ms' ? /[:,]/ : ':');
  const last = values?.[values.length - 1];
  if (values === undefined || last === undefined) return undefined;
  switch (type) {
    case 'c': {
      let sum = 0;
      for (const one of values) sum += one;
      return Number.isFinite(sum) ? { type: 'counter', ...named, value: sum, rate } : undefined;
    }
    case 'g':
      if (timestamp !== undefined) return { type: 'gauge', ...named, value: last, timestamp };
      return { type: 'gauge', ...named, value: last, ...(/^[+-]/.test(value) ? { signed: true } : {}) };
    case 'ms':
      return { type: 'timer', ...named, values, rate };
    case 'h':
      return { type: 'timer', as: 'histogram', ...named, values, rate };
    case 'd':
      return { type: 'timer', as: 'distribution', ...named, values, rate };
    default:
      return undefined;
  }
}

/** The fields after the type, in whatever order they come; undefined when one of them can't be read. */
function decodeFields(extras: readonly string[], type: string): Fields | undefined {
  const fields: Fields = { rate: 1 };
  for (const field of extras) {
    if (field.startsWith('@')) {
      const rate = decodeNumber(field.slice(1));
      if (rate === undefined || rate <= 0 || rate > 1) return undefined;
      fields.rate = rate;
    } else if (field.startsWith('#')) {
      const tags = decodeTags(field.slice(1));
      if (tags.length > 0) fields.tags = tags;
    } else if (field.startsWith('T') || (type === 'g' && /^\d/.test(field))) {
      const timestamp = decodeNumber(field.replace('T', ''));
      if (timestamp === undefined) return undefined;
      fields.timestamp = timestamp;
    } else if (!/^[a-z]+:/.test(field)) {
      return undefined; // Datadog's container id, and what may come after it, are fields such as c:…
    }
  }
  return fields;
}

function decodeTags(text: string): Tag[] {
  const tags = text.split(',').filter((tag) => tag !== '');
  return tags.map((tag) => {
    const colon = tag.indexOf(':');
    return colon < 0 ? [tag, ''] : [tag.slice(0, colon), tag.slice(colon + 1)];
  });
}

function decodeNumbers(text: string, separator: string | RegExp): number[] | undefined {
  // Mostly it is one.
  const only = decodeNumber(text);
  if (only !== undefined) return [only];
  const numbers: number[] = [];
  for (const item of text.split(separator)) {
    const number = decodeNumber(item);
    if (number === undefined) return undefined;
    numbers.push(number);
  }
  return numbers;
}

// Each digit can be matched in one way only: otherwise a message of 64 KB of them would take seconds.
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

function decodeNumber(text: string): number | undefined {
  if (!NUMBER.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}
