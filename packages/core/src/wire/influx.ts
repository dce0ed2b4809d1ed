import type { MetricView } from '../metric/view.js';
import type { Format, Naming } from './format.js';
import { type LineOptions, lineFormat } from './lines.js';
import { writtenTags } from './written-tags.js';

// Telegraf splits at these, and knows no escapes.
const RESERVED = /[\s:|@,=]/gu;

/** The flavour of InfluxDB's Telegraf: `name,key=value,key2=value2:1|c`. An empty value is written as `_`. */
export function influxFormat(options: LineOptions = {}): Format {
  return lineFormat({ label, member, timer: 'ms', packsTimers: false, wholeCounters: true }, options);
}

/** Telegraf refuses a line whose value begins with a sign, if it is no counter or gauge. */
function member(text: string): string {
  return /^[+-]/.test(text) ? `_${text}` : text;
}

function label(metric: MetricView, naming: Naming): string {
  let text = safe(naming.prefix + metric.name);
  for (const [key, value] of writtenTags(metric, naming)) text += `,${safe(key)}=${safe(value)}`;
  return text;
}

function safe(text: string): string {
  return text === '' ? '_' : text.replace(RESERVED, '_');
}
