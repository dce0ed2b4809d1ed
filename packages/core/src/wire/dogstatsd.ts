import type { MetricView } from '../metric/view.js';
import type { Format, Naming } from './format.js';
import { type LineOptions, VALUE_TYPES, lineFormat } from './lines.js';
import { type OriginOptions, CARDINALITY_TAG, cardinalityOf, originFields } from './origin-fields.js';
import { tagSection } from './tag-section.js';

/** Options of the formats of StatsD servers. `timer` is for `dogstatsd`. */
export interface DogstatsdOptions extends LineOptions, OriginOptions {
  /** The type of a timer on the wire: `timer` (`|ms`, the default), `histogram` (`|h`) or `distribution` (`|d`). */
  readonly timer?: 'timer' | 'histogram' | 'distribution';
  /**
   * Whether a change of a gauge is written as one, `+4|g`, in place of the sum of all. Default false, because the Datadog Agent
   * takes it for a value.
   */
  readonly gaugeChanges?: boolean;
}

const TIMER_TYPES = { timer: 'ms', ...VALUE_TYPES };

/**
 * The Datadog flavour: `name:1|c|#key:value,key2:value2`, timers packed as `name:10:5:7|ms`. Datadog's Agent, Telegraf with
 * its extensions, gostatsd, statsd_exporter and others read it.
 */
export function dogstatsdFormat({
  timer = 'timer',
  gaugeChanges = false,
  ...options
}: DogstatsdOptions = {}): Format {
  return lineFormat(
    {
      // The Agent takes a line that begins like this for an event or a service check.
      label: ({ name }: MetricView, { prefix }: Naming) => (prefix + name).replace(/^_(?=e\{|sc)/, '-'),
      suffix: suffixOf(options),
      timer: TIMER_TYPES[timer],
      valueTypes: VALUE_TYPES,
      packsTimers: true,
      gaugeTime: 'to our collector',
      gaugeChanges,
    },
    options,
  );
}

/** Writes a metric's tags, and the fields that say where it comes from. */
function suffixOf(options: OriginOptions): (metric: MetricView, naming: Naming) => string {
  const origin = originFields(options);
  return (metric, naming) => {
    const { fields, withoutCardinality, tag } = origin();
    const cardinality = cardinalityOf(metric);
    if (cardinality === undefined) return withTag(tagSection(metric, naming), tag) + fields;
    const tags = metric.tags.filter(([key]) => key !== CARDINALITY_TAG);
    return `${withTag(tagSection({ tags }, naming), tag)}${withoutCardinality}|card:${cardinality}`;
  };
}

function withTag(section: string, tag: string): string {
  if (tag === '') return section;
  return section === '' ? `|#${tag}` : `${section},${tag}`;
}
