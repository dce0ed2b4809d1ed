import type { MetricView } from '../metric/view.js';
import type { Format, Naming } from './format.js';
import { type LineOptions, VALUE_TYPES, lineFormat } from './lines.js';
import { tagWriter } from './tag-writer.js';

// Telegraf splits lines at these characters, and knows no escapes.
const RESERVED = /[\s:|@,=]/u;
const ALL_RESERVED = new RegExp(RESERVED, 'gu');

/** The flavour of InfluxDB's Telegraf: `name,key=value,key2=value2:1|c`. An empty value is written as `_`. */
export function influxFormat(options: LineOptions = {}): Format {
  return lineFormat(
    {
      label,
      member,
      timer: 'ms',
      valueTypes: VALUE_TYPES,
      packsTimers: false,
      wholeCounters: true,
      gaugeChanges: true,
    },
    options,
  );
}

/** Telegraf refuses a line whose value begins with a sign, if it is no counter or gauge. */
function member(text: string): string {
  return /^[+-]/.test(text) ? `_${text}` : text;
}

const writeTags = tagWriter(
  (tags) => tags.map(([key, value]) => `,${safe(key)}=${safe(value)}`).join(''),
  '',
);

function label(metric: MetricView, naming: Naming): string {
  return safe(naming.prefix + metric.name) + writeTags(metric, naming);
}

function safe(text: string): string {
  if (text === '') return '_';
  return RESERVED.test(text) ? text.replace(ALL_RESERVED, '_') : text;
}
