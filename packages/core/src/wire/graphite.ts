import type { MetricView } from '../metric/view.js';
import { withMoreTags } from '../text/tags.js';
import { safeName } from './etsy.js';
import type { Format, Naming } from './format.js';
import { type LineOptions, lineFormat } from './lines.js';

/** The flavour of Graphite 1.1 and later: `name;key=value;key2=value2:1|c`. Every tag needs a value: an empty one is written as `_`. */
export function graphiteFormat(options: LineOptions = {}): Format {
  return lineFormat({ label, timer: 'ms', packsTimers: false, negativeGauges: false }, options);
}

function label({ name, tags }: MetricView, naming: Naming): string {
  let text = safeName(naming.prefix + name);
  for (const [key, value] of withMoreTags(tags, naming.tags))
    text += `;${safeName(key)}=${safeName(value) || '_'}`;
  return text;
}
