import type { MetricView } from '../metric/view.js';
import { safeName } from './etsy.js';
import type { Format, Naming } from './format.js';
import { type LineOptions, lineFormat } from './lines.js';
import { tagWriter } from './tag-writer.js';

/** The flavour of Graphite 1.1 and later: `name;key=value;key2=value2:1|c`. Every tag needs a value: an empty one is written as `_`. */
export function graphiteFormat(options: LineOptions = {}): Format {
  return lineFormat({ label, timer: 'ms', packsTimers: false, gaugeChanges: true }, options);
}

const writeTags = tagWriter(
  (tags) => tags.map(([key, value]) => `;${safeName(key)}=${safeName(value) || '_'}`).join(''),
  '',
);

function label(metric: MetricView, naming: Naming): string {
  return safeName(naming.prefix + metric.name) + writeTags(metric, naming);
}
