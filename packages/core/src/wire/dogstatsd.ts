import type { MetricView } from '../metric/view.js';
import type { Format, Naming } from './format.js';
import { type LineOptions, VALUE_TYPES, lineFormat } from './lines.js';
import { tagSection } from './tag-section.js';

/** What the formats of StatsD servers can be told; `timer` is for `dogstatsd`. */
export interface DogstatsdOptions extends LineOptions {
  /** What a timer goes out as: `timer` (`|ms`, the default), `histogram` (`|h`) or `distribution` (`|d`). */
  readonly timer?: 'timer' | 'histogram' | 'distribution';
}

const TIMER_TYPES = { timer: 'ms', ...VALUE_TYPES };

/**
 * The Datadog flavour: `name:1|c|#key:value,key2:value2`, timers packed as `name:10:5:7|ms`. Datadog's Agent, Telegraf with
 * its extensions, gostatsd, statsd_exporter and others read it.
 */
export function dogstatsdFormat({ timer = 'timer', ...options }: DogstatsdOptions = {}): Format {
  return lineFormat(
    {
      // What begins like this is an event or a service check to the Agent.
      label: ({ name }: MetricView, { prefix }: Naming) => (prefix + name).replace(/^_(?=e\{|sc)/, '-'),
      suffix: tagSection,
      timer: TIMER_TYPES[timer],
      valueTypes: VALUE_TYPES,
      packsTimers: true,
      gaugeTime: 'to our collector',
    },
    options,
  );
}
