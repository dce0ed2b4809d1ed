import type { MetricView } from '../metric/view.js';
import { safeName } from './etsy.js';
import type { Format, Naming } from './format.js';
import { type LineOptions, lineFormat } from './lines.js';
import { writtenTags } from './written-tags.js';

/** The flavour of Graphite 1.1 and later: `name;key=value;key2=value2:1|c`. Every tag needs a value: an empty one is written as `_`. */
export function graphiteFormat(options: LineOptions = {}): Format {
  return lineFormat({ label, timer: 'ms', packsTimers: false }, options);
}

function label(metric: MetricView, naming: Naming): string {
  let text = safeName(naming.prefix + metric.name);
  for (const [key, value] of writtenTags(metric, naming))
    text += `;${safeName(key)}=${safeName(value) || '_'}`;
  return text;
}
