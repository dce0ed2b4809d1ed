import type { Tag } from '@afstatsd/core';
import type { Describe } from '../record/describe.js';
import type { SeriesKind } from '../record/kind.js';
import type { Attributes, Naming } from './naming.js';
import { UniqueNames } from './unique-names.js';
import { describedBy } from './well-known.js';

/** The value of a tag without a value. An empty value can't be used, because to Prometheus an empty label doesn't exist. */
const TRUE = 'true';
/** The label that tells series apart that otherwise would have the same labels. No tag gets this label. */
const ALL_TAGS = 'statsd_tags';

/**
 * Names by the rules of Prometheus: `website.pageviews` is `website_pageviews_total` as a counter, and
 * `website_pageviews_seconds` as a timer. Metrics of HTTP servers have the names that are usual there. The serializer of
 * OpenTelemetry leaves them as they are.
 *
 * @see https://prometheus.io/docs/practices/naming/
 */
export class PrometheusNaming implements Naming {
  readonly #prefix: string;
  readonly #describe: Describe;
  readonly #families = new UniqueNames();
  readonly #labels = new UniqueNames(['le', ALL_TAGS]);
  readonly #labelOf = new Map<string, string>();
  /** The tags that own a set of labels, by family and labels. Only ambiguous series are in it. */
  readonly #owners = new Map<string, Map<string, string>>();

  /**
   * @param prefix - a prefix of every name, followed by `_`.
   * @param describe - returns the description of a series by rules. Default: the built-in rules.
   */
  constructor(prefix = '', describe: Describe = describedBy()) {
    this.#describe = describe;
    this.#prefix = prefix === '' ? '' : `${prefix}_`;
  }

  family(kind: SeriesKind, name: string): string {
    const { prometheus, unit = '' } = this.#describe(kind, name);
    const base = withUnit(identifier(this.#prefix + (prometheus ?? name)), unit);
    return this.#families.claim(name, (suffix) => sampleNames(kind, base === '_' ? 'unnamed' : base, suffix));
  }

  attributes(family: string, tags: readonly Tag[]): Attributes {
    const labels = this.#labelsOf(tags);
    const unclear = tags.some(([, value]) => value === '' || value === TRUE);
    return unclear ? this.#distinct(family, labels, tags) : labels;
  }

  /** Frees the name of a family that has no series any more. */
  releaseFamily(kind: SeriesKind, family: string): void {
    this.#families.release(namesOfSamples(kind, family));
    this.#owners.delete(family);
  }

  /** Frees the labels of a removed series. */
  releaseSeries(family: string, tags: readonly Tag[]): void {
    const owners = this.#owners.get(family);
    if (owners === undefined) return;
    const labels = JSON.stringify(this.#labelsOf(tags));
    if (owners.get(labels) === JSON.stringify(tags)) owners.delete(labels);
  }

  unit(): string {
    return ''; // the unit is part of the name
  }

  #labelsOf(tags: readonly Tag[]): Attributes {
    const labels: Attributes = {};
    for (const [key, value] of tags) labels[this.#label(key)] = value === '' ? TRUE : value;
    return labels;
  }

  #label(key: string): string {
    let label = this.#labelOf.get(key);
    if (label === undefined) {
      label = this.#labels.claim(key, (suffix) => [identifier(key + suffix)]);
      this.#labelOf.set(key, label);
    }
    return label;
  }

  /**
   * Makes the labels of a series unique, because two series with the same labels would break the page, as `#canary` and
   * `#canary:true`.
   */
  #distinct(family: string, labels: Attributes, tags: readonly Tag[]): Attributes {
    let owners = this.#owners.get(family);
    if (owners === undefined) this.#owners.set(family, (owners = new Map()));
    const [asText, allTags] = [JSON.stringify(labels), JSON.stringify(tags)];
    const owner = owners.get(asText);
    // A series that comes back has its own labels again.
    if (owner !== undefined && owner !== allTags) return { ...labels, [ALL_TAGS]: allTags };
    owners.set(asText, allTags);
    return labels;
  }
}

/** The name with its unit at the end. The unit isn't added again if it is there already. A counter's `_total` comes after it. */
function withUnit(base: string, unit: string): string {
  if (unit === '') return base;
  const name = base.replace(/_total$/, '');
  return name.endsWith(`_${unit}`) ? name : `${name}_${unit}`;
}

/** The names of a family's samples. The family's own name is the first. */
function sampleNames(kind: SeriesKind, base: string, suffix: string): [string, ...string[]] {
  switch (kind) {
    case 'counter':
      return [identifier(`${base.replace(/_total$/, '')}${suffix}_total`)];
    case 'decrements':
      return [identifier(`${base.replace(/_total$/, '')}${suffix}_decrements_total`)];
    case 'gauge':
    case 'set':
      return [identifier(base + suffix)];
    case 'timer':
      return histogramNames(identifier(`${base.replace(/_seconds$/, '')}${suffix}_seconds`));
    case 'histogram':
      return histogramNames(identifier(base + suffix));
  }
}

/** The names of a family's samples, made from the family's final name. */
function namesOfSamples(kind: SeriesKind, family: string): readonly string[] {
  return kind === 'timer' || kind === 'histogram' ? histogramNames(family) : [family];
}

function histogramNames(name: string): [string, ...string[]] {
  return [name, `${name}_bucket`, `${name}_sum`, `${name}_count`];
}

/** Letters of ASCII, digits and single underscores, and no digit at the beginning. */
function identifier(text: string): string {
  const name = text.replaceAll(/[^a-zA-Z0-9]+/g, '_');
  return /^\d/.test(name) ? `_${name}` : name;
}
