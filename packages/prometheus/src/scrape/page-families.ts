import type { Tag } from '@afstatsd/core';
import { type Family, HistogramFamily, NumberFamily } from '../page/family.js';
import type { Labels } from '../page/series.js';
import type { SeriesKind } from '../record/kind.js';
import { HistogramRecord, type Recorded } from '../record/record.js';
import { partsOf } from '../record/identities.js';
import { describeFamily } from '../names/naming.js';
import type { Describe } from '../record/describe.js';
import { describedBy } from '../names/well-known.js';
import type { PrometheusNaming } from '../names/prometheus-naming.js';

/** The families of Prometheus' page, by kind and raw name. */
export class PageFamilies {
  readonly #naming: PrometheusNaming;
  readonly #describe: Describe;
  readonly #families = new Map<string, Family>();

  /** @param describe - returns the description of a series by rules. Default: the built-in rules. */
  constructor(naming: PrometheusNaming, describe: Describe = describedBy()) {
    this.#naming = naming;
    this.#describe = describe;
  }

  /**
   * The current families. Later ones aren't on the page, because they may have the name of a removed family that is already on
   * it.
   */
  [Symbol.iterator](): Iterator<Family> {
    return [...this.#families.values()].values();
  }

  /** Takes a new record. It gets its name at once, so that the first of two similar names is kept. */
  add(record: Recorded): void {
    const { name, tags } = partsOf(record.key);
    const began = Date.now();
    if (record instanceof HistogramRecord) {
      const { bounds } = record.scale;
      const family = this.#get(record.kind, name, (described) => {
        return new HistogramFamily(described, bounds, record.kind === 'timer' ? 'seconds' : '');
      });
      family.add(this.#labels(family, tags), record, began);
    } else {
      const type = record.kind === 'counter' || record.kind === 'decrements' ? 'counter' : 'gauge';
      const family = this.#get(record.kind, name, (described) => new NumberFamily(type, described));
      family.add(this.#labels(family, tags), record, began);
    }
  }

  /** Removes the records that are gone, and families without records. */
  compact(): void {
    for (const [key, family] of this.#families) {
      for (const record of family.compact()) {
        this.#naming.releaseSeries(family.name, partsOf((record as Recorded).key).tags);
      }
      if (family.block.size > 0) continue;
      this.#families.delete(key);
      this.#naming.releaseFamily(key.slice(0, key.indexOf(':')) as SeriesKind, family.name);
    }
  }

  #get<F extends Family>(
    kind: SeriesKind,
    name: string,
    make: (described: { name: string; help: string }) => F,
  ): F {
    const key = `${kind}:${name}`;
    let family = this.#families.get(key) as F | undefined;
    if (family === undefined) {
      family = make({
        name: this.#naming.family(kind, name),
        help: this.#describe(kind, name).help ?? describeFamily(kind, name),
      });
      this.#families.set(key, family);
    }
    return family;
  }

  #labels({ name }: Family, tags: readonly Tag[]): Labels {
    return Object.entries(this.#naming.attributes(name, tags)) as [string, string][];
  }
}
