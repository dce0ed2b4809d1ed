import type { Decoded, Reading } from './decoded.js';
import { type Fields, readField, readRate } from './read-fields.js';
import { readMetric } from './read-metric.js';

const NO_FIELDS: Fields = {};
const TYPES: ReadonlySet<string> = new Set(['c', 'g', 'ms', 'h', 'd', 's']);

/**
 * Reads one line of the original StatsD or of DogStatsD: `name:value|type`, and further fields in any order.
 *
 * The name ends at the first colon that isn't one of exactly two, so `Foo::Bar.run:1|c` is a counter `Foo::Bar.run`. The value
 * ends at the first bar. The member of a set is taken as it stands. In etsy's packing, `n:1|c:2|c`, another sample of the same
 * name begins where the type or the rate goes on with a colon.
 *
 * @returns Whether the line could be read. If not, nothing of it is in the reading.
 */
export function readLine(line: string, reading: Reading): boolean {
  if (readNoMetric(line, reading)) return true;
  const colon = singleColon(line);
  const bar = line.indexOf('|');
  if (colon < 1 || bar < colon) return false; // without a bar, too
  const name = line.slice(0, colon);
  const value = line.slice(colon + 1, bar);
  const type = line.slice(bar + 1);
  if (TYPES.has(type)) {
    const metric = readMetric({ name, value, type, rate: 1, fields: NO_FIELDS, commas: false });
    if (metric !== undefined) reading.metrics.push(metric);
    return metric !== undefined;
  }
  const metrics = readSamples(name, value, type.split('|'));
  if (metrics === undefined) return false;
  for (const metric of metrics) reading.metrics.push(metric);
  return true;
}

/** Reads a line that is an event or a service check of DogStatsD's. Returns whether it is one. */
export function readNoMetric(line: string, reading: Reading): boolean {
  if (line.startsWith('_e{')) return reading.events.push(line) > 0;
  if (line.startsWith('_sc|')) return reading.serviceChecks.push(line) > 0;
  return false;
}

/** One value of a line, with its type and rate. */
interface Sample {
  readonly value: string;
  readonly type: string;
  readonly rate: number;
}

/** The metrics of a line with more than a value and a type. Its fields but the rate hold for all of them. */
function readSamples(name: string, first: string, texts: readonly string[]): Decoded[] | undefined {
  const samples: Sample[] = [];
  const fields: Fields = {};
  let value: string | undefined = first;
  let at = 0;
  while (value !== undefined) {
    if (at >= texts.length) return undefined; // a value without a type
    let [type, next] = cut(texts[at++]!);
    let rate: number | undefined = 1;
    while (next === undefined && at < texts.length) {
      let field = texts[at++]!;
      if (field.startsWith('@')) {
        [field, next] = cut(field);
        rate = readRate(field);
        if (rate === undefined) return undefined;
      } else if (readField(field, type, fields) === 'bad') return undefined;
    }
    samples.push({ value, type, rate });
    value = next;
  }
  const metrics: Decoded[] = [];
  for (const sample of samples) {
    const metric = readMetric({ name, ...sample, fields, commas: false });
    if (metric === undefined) return undefined;
    metrics.push(metric);
  }
  return metrics;
}

/** A type or rate, and the value of the next sample if one begins here. */
function cut(text: string): [text: string, next: string | undefined] {
  const colon = singleColon(text);
  return colon < 0 ? [text, undefined] : [text.slice(0, colon), text.slice(colon + 1)];
}

/** Where the first colon is that isn't one of exactly two; -1 if there is none. */
function singleColon(text: string): number {
  let at = text.indexOf(':');
  while (at >= 0) {
    let end = at + 1;
    while (text[end] === ':') end++;
    if (end - at !== 2) return at;
    at = text.indexOf(':', end);
  }
  return -1;
}
