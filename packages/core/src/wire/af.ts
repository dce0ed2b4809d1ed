import { random } from '../host/clock.js';
import type { MetricView } from '../metric/view.js';
import { foldedName } from './fold.js';
import type { Format, Naming } from './format.js';
import { repeatField } from './gauge-repeat.js';
import { VALUE_TYPES, lineFormat } from './lines.js';
import { formatNumber } from './number.js';
import { tagSection } from './tag-section.js';

/** The choice for tags in the AppFirst format, which has none of its own. */
export interface AFOptions {
  /**
   * `keep` (the default) writes a metric with tags as a DogStatsD line. `fold` writes the values of the tags into the name, for
   * receivers that know no tags.
   */
  readonly tags?: 'keep' | 'fold';
}

export const TAGS_CHOICES: readonly string[] = ['keep', 'fold'];

/**
 * The AppFirst format: `web.hits:15|c::load:0.7|g|1795354531::login:10,5,7|ms`.
 *
 * A gauge carries the Unix seconds at which it was set; a timer all of its values, comma-separated. Three things are
 * extensions of the original: sets, the sample rate of a timer that had more values than it keeps, and metrics with tags. A
 * counter without tags is a whole number without a sample rate: a sampled call is scaled up, and rounded at random, so that
 * the expectation is exact.
 *
 * A metric with tags is a DogStatsD line of its own, `web.hits:15|c|#method:get`, between line breaks, because a tag's
 * value may hold `::`. Without such metrics a message has the bytes of the original.
 */
export function afFormat({ tags = 'keep' }: AFOptions = {}): Format {
  if (tags === 'fold') return { ...bundles, foldsTags: true };
  return {
    separator: (before, after, naming) =>
      isLine(before, naming) || isLine(after, naming) ? '\n' : bundles.separator(before, after, naming),
    repeatsGauges: true,
    single: (metric, batch) => (isTagged(metric, batch.naming) ? taggedLines : bundles).single(metric, batch),
    keepsFraction: (counter, { naming }) => isTagged(counter, naming),
    list: (metric, naming, rate) =>
      (isLine(metric, naming) ? taggedLines : bundles).list(metric, naming, rate),
    member: (text, set, naming) => (isTagged(set, naming) ? text : withoutCommas(text)),
  };
}

function isTagged({ tags }: MetricView, naming: Naming): boolean {
  return tags.length > 0 || naming.tags.length > 0 || naming.origin.length > 0;
}

/** A bundle knows no histograms and distributions, so they are lines, too. */
function isLine(metric: MetricView, naming: Naming): boolean {
  return isTagged(metric, naming) || (metric.kind === 'timer' && metric.as !== undefined);
}

/** A comma separates the members of a bundle's set. */
function withoutCommas(member: string): string {
  return member.replaceAll(',', '_');
}

/** Lines as the original client wrote them. Tags, if there are any, are folded into the name. */
const bundles: Format = {
  separator: () => '::',
  member: withoutCommas,
  repeatsGauges: true,
  single(metric, { naming, repeatsGauges = false }) {
    const name = foldedName(metric, naming);
    if (metric.kind === 'gauge')
      return `${name}:${formatNumber(metric.value)}|g|${Math.floor(metric.time / 1000)}${repeatsGauges ? repeatField(metric) : ''}`;
    const { value, whole, rate = 1 } = metric;
    return `${name}:${formatNumber(rate === 1 ? whole : Math.floor(value / rate + random()))}|c`;
  },
  keepsFraction: () => false,
  list(metric, naming, rate) {
    const type = metric.kind === 'timer' ? 'ms' : 's';
    return {
      head: `${foldedName(metric, naming)}:`,
      joiner: ',',
      tail: `|${type}${rate === 1 ? '' : `|@${formatNumber(rate)}`}`,
    };
  },
};

/** Metrics with tags. A gauge's time and tags make its value absolute, so a negative one needs no zero before it. */
const taggedLines: Format = lineFormat(
  {
    label: ({ name }, { prefix }) => prefix + name,
    suffix: tagSection,
    timer: 'ms',
    valueTypes: VALUE_TYPES,
    packsTimers: true,
    gaugeTime: 'always',
  },
  {},
);
