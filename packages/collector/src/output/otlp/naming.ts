import type { Tag } from '@afstatsd/core';
import {
  type Attributes,
  type SeriesKind,
  type Naming,
  UniqueNames,
  nameHash,
  DB_TAGS,
  HTTP_TAGS,
  ORIGIN_TAGS,
  describedBy,
  type Describe,
} from '@afstatsd/prometheus/parts';

const MAX_LENGTH = 255;
const MAX_BASE = MAX_LENGTH - '.decrements_01234567'.length;
/** Tags that are attributes of the semantic conventions, by the beginning of the metric's name. */
const FAMILIES = [
  ['http.', HTTP_TAGS],
  ['db.client.', DB_TAGS],
] as const;
const UNITS: Partial<Record<SeriesKind, string>> = { timer: 's', set: '{member}' };

/**
 * Names by the rules of OpenTelemetry. Characters that its syntax doesn't allow become `_`. As in its data model, a sum, a gauge
 * and a histogram of the same name are different metrics.
 *
 * @see https://opentelemetry.io/docs/specs/otel/metrics/api/#instrument-name-syntax
 */
export class OtlpNaming implements Naming {
  readonly #describe: Describe;
  readonly #sums = new UniqueNames();
  readonly #gauges = new UniqueNames();
  readonly #histograms = new UniqueNames();

  /** @param describe - returns the description of a series by rules. Default: the built-in rules. */
  constructor(describe: Describe = describedBy()) {
    this.#describe = describe;
  }

  family(kind: SeriesKind, name: string): string {
    const ending = kind === 'decrements' ? '.decrements' : '';
    const base = instrumentName(this.#describe(kind, name).otlp ?? name);
    // The hash keeps names apart that differ only in their cut ends.
    const short = base.length > MAX_BASE ? `${base.slice(0, MAX_BASE - 9)}_${nameHash(name, 8)}` : base;
    return this.#namesOf(kind).claim(name, (suffix) => [`${short}${suffix}${ending}`]);
  }

  releaseFamily(kind: SeriesKind, family: string): void {
    this.#namesOf(kind).release([family]);
  }

  attributes(family: string, tags: readonly Tag[]): Attributes {
    const keys = new Set(tags.map(([key]) => key));
    const ofFamily = FAMILIES.find(([start]) => family.startsWith(start))?.[1];
    // The attributes are entries, because `attributes[key] = value` would lose a tag named __proto__.
    const attributes = tags.map(([key, value]): [string, string | number] => {
      const known = ORIGIN_TAGS.get(key) ?? ofFamily?.get(key);
      // An app's own tag of that key keeps it, so that no two series have the same attributes.
      if (known === undefined || keys.has(known.key)) return [key, value];
      return [known.key, known.value?.(value) ?? value];
    });
    return Object.fromEntries(attributes);
  }

  unit(kind: SeriesKind): string {
    return UNITS[kind] ?? '';
  }

  #namesOf(kind: SeriesKind): UniqueNames {
    if (kind === 'counter' || kind === 'decrements') return this.#sums;
    return kind === 'gauge' || kind === 'set' ? this.#gauges : this.#histograms;
  }
}

/** A valid name of an instrument. It begins with a letter, and goes on with letters, digits, `_`, `.`, `-` and `/`. */
function instrumentName(name: string): string {
  const clean = name.replaceAll(/[^a-zA-Z0-9_.\-/]/g, '_');
  return /^[a-zA-Z]/.test(clean) ? clean : `statsd.${clean}`;
}
